// The chat of the chosen person with the bot: header, messages, and what stands in for them before the first start.

import { bubble } from './bubbles.js';
import * as dates from './dates.js';
import { el, fill, iconButton } from './dom.js';
import { face } from './people.js';

const NEAR_END = 120;

/** Draws one chat into `root`; `context` is what bubbles need, `page` as for the list of people. */
export class Chat {
  constructor(root, page, composer) {
    this.page = page;
    this.title = el('div', { className: 'title' });
    this.list = el('div', { className: 'messages', role: 'log', 'aria-label': 'Messages', tabIndex: 0 });
    this.down = iconButton('forward', 'Newest messages', () => this.toEnd(), 'down');
    this.more = iconButton('more', 'More', () => page.personMenu(this.more));
    const lock = iconButton('lock', 'Lock screen and time travel', () => page.side(), 'side-toggle');
    const back = iconButton('back', 'People', () => history.back(), 'back');
    this.nodes = new Map();
    this.atEnd = true;
    this.list.addEventListener('scroll', () => this.scrolled());
    this.list.addEventListener('load', () => this.stay(), true);
    new ResizeObserver(() => this.stay()).observe(this.list);
    this.list.append(el('div', { className: 'about' }, 'Choose a person: her phone opens here.'));
    fill(
      root,
      el('header', { className: 'bar' }, back, this.title, lock, this.more),
      el('div', { className: 'wallpaper' }, this.list, this.down),
      composer.root,
    );
  }

  /** A chat is opened: nothing of the one before stays. */
  begin(person, bot, context) {
    this.context = context;
    this.nodes.clear();
    this.list.replaceChildren();
    this.empty = null;
    this.head(person, bot);
  }

  head(person, bot) {
    this.note = el('small', { title: `@${bot.username}` });
    this.botName = bot.name;
    this.list.lang = person.language_code || 'az';
    fill(this.title, face(person), el('span', { className: 'two' }, el('b', {}, person.name), this.note));
    this.tick(this.page.now());
  }

  /** The clock in the header. */
  tick(now) {
    if (this.note) this.note.textContent = `${dates.brief(now)} · ${this.botName}`;
  }

  /** Shows what changed, keeping the place the person reads at unless she is at the end. */
  show(changed, items, whole) {
    const names = [...changed].filter((name) => name.startsWith('message/'));
    for (const name of names) this.put(name, items.get(name));
    if (names.length) this.separate(items);
    if (names.length || changed.has('chat')) this.describe(items.get('chat').description || items.get('bot').name);
    if (whole) this.toEnd();
    else if (names.length) this.stay();
  }

  put(name, message) {
    const old = this.nodes.get(name);
    if (!message) {
      old?.remove();
      this.nodes.delete(name);
      return;
    }
    const node = bubble(message, this.context);
    node.order = message.id;
    this.nodes.set(name, node);
    if (old) replace(old, node);
    else this.insert(node);
  }

  insert(node) {
    let after = this.list.lastElementChild;
    while (after && !(after.order < node.order)) after = after.previousElementSibling;
    if (after) after.after(node);
    else this.list.prepend(node);
  }

  /** The lines with the date between messages of different days. */
  separate(items) {
    for (const line of this.list.querySelectorAll('.day')) line.remove();
    let before = '';
    for (const node of [...this.list.querySelectorAll('.message')]) {
      const label = dates.day(items.get(`message/${node.order}`).date, this.context.language);
      if (label !== before) node.before(el('div', { className: 'day' }, label));
      before = label;
    }
  }

  /** What an empty chat says of the bot. */
  describe(description) {
    this.empty?.remove();
    this.empty = null;
    if (this.nodes.size) return;
    this.empty = el(
      'div',
      { className: 'about' },
      el('b', {}, this.context.words.about),
      el('p', { dir: 'auto' }, description),
    );
    this.list.append(this.empty);
  }

  /** Who reads the end stays at the end, whatever grows or shrinks around it. */
  stay() {
    if (this.atEnd) this.toEnd();
    else this.scrolled();
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.scrolled();
  }

  scrolled() {
    this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END;
    this.down.hidden = this.atEnd;
  }

  go(id) {
    const node = this.nodes.get(`message/${id}`);
    node?.scrollIntoView({ block: 'center' });
    node?.classList.add('found');
    setTimeout(() => node?.classList.remove('found'), 1500);
  }
}

/** Puts `node` in the place of `old`, with the focus where it was. */
function replace(old, node) {
  const focused = [...old.querySelectorAll('button')].indexOf(document.activeElement);
  old.replaceWith(node);
  node.querySelectorAll('button')[focused]?.focus();
}
