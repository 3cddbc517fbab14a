// One message of a chat: the bubble, what is in it, and the buttons under it.

import * as dates from './dates.js';
import { button, el, icon } from './dom.js';
import * as entities from './entities.js';
import { fileAddress } from './server.js';

/** The element that shows `message`; `context` has language, words, open, command, press, menu and go. */
export function bubble(message, context) {
  const body = el(
    'div',
    { className: `bubble ${message.sticker ? 'bare' : ''}` },
    quote(message, context),
    ...content(message, context),
  );
  body.append(meta(message, context));
  const more = button(
    {
      className: 'more',
      'aria-label': context.words.actions,
      title: context.words.actions,
      onclick: () => context.menu(message, more),
    },
    icon('more'),
  );
  const row = el('div', { className: 'line' }, body, more);
  const properties = { className: `message ${message.mine ? 'mine' : 'theirs'}`, 'data-message': message.id };
  const node = el('article', properties, row, keyboard(message, context));
  body.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    context.menu(message, more);
  });
  return node;
}

function content(message, context) {
  const parts = [];
  for (const [kind, show] of Object.entries(KINDS)) {
    if (message[kind]) parts.push(show(message[kind], context, message));
  }
  if (message.text)
    parts.push(
      el('div', { className: 'text', dir: 'auto' }, ...entities.nodes(message.text, message.entities, context)),
    );
  return parts;
}

const KINDS = {
  photo: (photo, context) =>
    el(
      'a',
      { className: 'picture', href: fileAddress(photo.file), target: '_blank', rel: 'noopener' },
      picture(photo, context),
    ),
  document: (file) =>
    el(
      'a',
      { className: 'card file', href: fileAddress(file.file), download: file.name },
      el('span', { className: 'badge' }, icon('file')),
      el('span', { className: 'two' }, el('b', {}, file.name), el('small', {}, size(file.size))),
    ),
  venue: (venue) =>
    el(
      'div',
      { className: 'place' },
      map(),
      el('div', { className: 'two' }, el('b', {}, venue.title), el('small', {}, venue.address)),
    ),
  location: (location) =>
    el(
      'div',
      { className: 'place' },
      map(),
      el(
        'div',
        { className: 'two' },
        el('small', {}, `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`),
      ),
    ),
  voice: (voice, context) =>
    el(
      'div',
      { className: 'card voice' },
      el('span', { className: 'badge' }, icon('play')),
      el(
        'span',
        { className: 'two' },
        el('span', { className: 'wave', role: 'img', 'aria-label': context.words.voice }),
        el('small', {}, clock(voice.duration)),
      ),
    ),
  sticker: (sticker) => el('div', { className: 'sticker' }, sticker.emoji || icon('smile')),
  contact: (contact) =>
    el(
      'div',
      { className: 'card contact' },
      el('span', { className: 'badge' }, icon('phone')),
      el('span', { className: 'two' }, el('b', {}, contact.name), el('small', {}, contact.phone)),
    ),
  other: (kind, context) => el('div', { className: 'card' }, el('b', {}, context.words[kind] ?? kind)),
};

function picture(photo, context) {
  return el('img', {
    src: fileAddress(photo.file),
    alt: context.words.photo,
    width: photo.width,
    height: photo.height,
    loading: 'lazy',
  });
}

const map = () =>
  el('div', { className: 'map', role: 'img', 'aria-label': 'Map (drawn, not a real one)' }, icon('pin'));

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function quote(message, context) {
  const to = message.reply_to;
  if (!to) return null;
  const who = to.mine ? context.words.you : context.botName;
  return button(
    { className: 'quote', onclick: () => context.go(to.id) },
    el('b', {}, who),
    el('span', {}, to.text || context.words[to.kind] || '…'),
  );
}

function meta(message, context) {
  const parts = [message.edited ? `${context.words.edited} ` : '', dates.hour(message.date)];
  const node = el('span', { className: 'meta' }, ...parts);
  node.title = dates.full(message.date);
  if (message.mine) node.append(icon(message.taken ? 'taken' : 'sent'));
  return node;
}

function keyboard(message, context) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((row, y) =>
    el('div', { className: 'row' }, ...row.map((one, x) => inline(message, one, x, y, context))),
  );
  return el('div', { className: 'inline', role: 'group', 'aria-label': 'Buttons of the message' }, ...rows);
}

function inline(message, one, x, y, context) {
  const onclick = () => context.press(message, one, y, x);
  const properties = {
    className: `inline-button ${one.style ?? ''}`,
    title: one.text,
    onclick,
    'aria-busy': one.waiting ? 'true' : null,
  };
  const sign = one.kind === 'url' ? icon('open') : null;
  return button(
    properties,
    el('span', { dir: 'auto' }, one.text),
    sign,
    one.waiting ? el('span', { className: 'spinner' }) : null,
  );
}
