// From a text and its entities (Bot API, MessageEntity; offsets count UTF-16 units, as strings here do) to elements.

import * as dates from './dates.js';
import { el } from './dom.js';

const TAGS = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
  custom_emoji: 'span',
};
const LINKS = {
  url: (text) => (/^[a-z]+:/i.test(text) ? text : `https://${text}`),
  email: (text) => `mailto:${text}`,
  phone_number: (text) => `tel:${text}`,
  mention: (text) => `https://t.me/${text.slice(1)}`,
  text_link: (text, entity) => entity.url,
};
const SAFE = /^(https?:|mailto:|tel:|tg:)/i;

/** The nodes that show `text`. `open(url)` and `command(text)` are called when a link or a /command is pressed. */
export function nodes(text, entities, context) {
  const ordered = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, ordered, context);
}

function span(text, from, to, entities, context) {
  const made = [];
  let at = from;
  const plain = (end) => {
    // A block stands on a line of its own: the line break after it is already there.
    const skipped = made.at(-1)?.matches?.('pre, blockquote') && text[at] === '\n' ? 1 : 0;
    if (end > at + skipped) made.push(text.slice(at + skipped, end));
  };
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at) continue;
    plain(entity.offset);
    const inside = entities.slice(i + 1).filter((other) => other.offset < end);
    made.push(
      element(entity, text.slice(entity.offset, end), span(text, entity.offset, end, inside, context), context),
    );
    at = end;
  }
  plain(to);
  return made;
}

function element(entity, text, children, context) {
  if (entity.type in TAGS) return el(TAGS[entity.type], {}, ...children);
  if (entity.type in LINKS) return link(LINKS[entity.type](text, entity), children, context);
  if (entity.type === 'pre') return el('pre', {}, el('code', {}, ...children));
  if (entity.type === 'spoiler') return spoiler(children);
  if (entity.type === 'date_time') return moment(entity, text, context);
  if (entity.type === 'bot_command') return command(text, children, context);
  return el('span', {}, ...children);
}

function link(url, children, context) {
  if (!SAFE.test(url)) return el('span', {}, ...children);
  const onclick = (event) => {
    event.preventDefault();
    context.open(url, event.currentTarget.textContent);
  };
  return el('a', { href: url, rel: 'noopener noreferrer', target: '_blank', onclick }, ...children);
}

function command(text, children, context) {
  const onclick = (event) => {
    event.preventDefault();
    context.command(text);
  };
  return el('a', { href: '#', onclick }, ...children);
}

function spoiler(children) {
  const show = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter') return;
    event.currentTarget.classList.add('shown');
  };
  const properties = {
    className: 'spoiler',
    role: 'button',
    tabIndex: 0,
    'aria-label': 'Spoiler',
    onclick: show,
    onkeydown: show,
  };
  return el('span', properties, el('span', {}, ...children));
}

function moment(entity, text, context) {
  const pattern = (entity.date_time_format ?? '').replace('r', '');
  const shown = pattern ? dates.entity(entity.unix_time, pattern, context.language) : text;
  return el('time', { title: dates.full(entity.unix_time * 1000) }, shown);
}
