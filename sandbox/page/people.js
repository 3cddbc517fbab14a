// The list of people on whose phones the bot is: whoever is chosen, her chat is shown.

import * as dates from './dates.js';
import { newPerson } from './dialogs.js';
import { button, el, fill, icon, iconButton } from './dom.js';
import { words } from './words.js';

const HUES = 7;

/** Draws the list into `root`; `page` has items, now, choose(person), openLink(url), act(action, body) and side(). */
export class People {
  constructor(root, page) {
    this.page = page;
    this.entries = new Map();
    this.list = el('nav', { className: 'people-list', 'aria-label': 'Choose a person' });
    this.bar = el('button', { type: 'button', className: 'now', title: 'Time travel', onclick: () => page.side() });
    fill(root, this.header(), this.list, this.linkField());
  }

  header() {
    const add = iconButton('add', 'Add a person', () =>
      newPerson((person) => this.page.act('join', person).then((made) => made && this.page.choose(made.person))),
    );
    return el('header', { className: 'bar' }, el('h1', {}, 'Sandbox'), this.bar, add);
  }

  linkField() {
    const field = el('input', {
      type: 'text',
      placeholder: 't.me/…?start=…',
      'aria-label': 'Open a link',
      autocomplete: 'off',
      spellcheck: false,
    });
    const open = (event) => {
      event.preventDefault();
      if (this.page.openLink(field.value.trim())) field.value = '';
    };
    return el(
      'form',
      { className: 'open-link', onsubmit: open },
      icon('link'),
      field,
      el('button', { type: 'submit' }, 'Open'),
    );
  }

  /** The clock in the header. */
  tick(now) {
    this.bar.textContent = dates.brief(now);
  }

  /** Draws the entries of those who changed, and marks the chosen one. */
  show(changed, chosen) {
    for (const name of changed) if (name.startsWith('person/')) this.put(name, this.page.items.get(name));
    for (const entry of this.list.children) {
      const is = entry.dataset.person === String(chosen);
      entry.classList.toggle('chosen', is);
      entry.toggleAttribute('aria-current', is);
    }
  }

  put(name, person) {
    const old = this.entries.get(name);
    if (!person) {
      old?.remove();
      this.entries.delete(name);
      return;
    }
    const made = this.entry(person);
    this.entries.set(name, made);
    if (!old) this.list.append(made);
    else {
      const focused = old === document.activeElement;
      old.replaceWith(made);
      if (focused) made.focus();
    }
  }

  entry(person) {
    const last = person.last;
    return button(
      { className: 'person', 'data-person': person.id, onclick: () => this.page.choose(person.id) },
      face(person),
      el(
        'span',
        { className: 'who' },
        el('b', {}, person.name),
        el('time', {}, last ? dates.short(last.date, this.page.now()) : ''),
      ),
      el(
        'span',
        { className: 'what' },
        line(person),
        person.unread
          ? el('span', { className: 'unread', 'aria-label': `${person.unread} unread` }, String(person.unread))
          : null,
      ),
      el('span', { className: 'tag' }, person.about),
    );
  }
}

/** The round sign of a person: her first letter on a colour of her own. */
export function face(person) {
  return el('span', { className: `face hue-${person.id % HUES}`, 'aria-hidden': 'true' }, [...person.name][0] ?? '?');
}

function line(person) {
  const label = words(person.language_code);
  if (person.blocked) return el('span', { className: 'last' }, icon('block'), label.blocked);
  if (!person.last) return el('span', { className: 'last quiet' }, 'Has not pressed Start yet');
  const text = person.last.text || label[person.last.kind] || person.last.kind;
  return el('span', { className: 'last', dir: 'auto' }, person.last.mine ? el('i', {}, `${label.you}: `) : null, text);
}
