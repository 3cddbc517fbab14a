// Beside the chat: what the lock screen of her phone would show, and the clock that can be moved.

import * as dates from './dates.js';
import { button, el, fill, icon, iconButton } from './dom.js';

/** Draws lock screen and time travel into `root`; `page` has act(action, body) and side(). */
export class Side {
  constructor(root, page) {
    this.page = page;
    this.phoneTime = el('div', { className: 'lock-time' });
    this.phoneDate = el('div', { className: 'lock-date' });
    this.notes = el('ol', { className: 'notes', 'aria-live': 'polite' });
    this.now = el('div', { className: 'travel-now' });
    this.next = el('div', { className: 'travel-next' });
    this.going = el('div', { className: 'travel-going', role: 'status' });
    this.buttons = el('div', { className: 'travel-buttons' });
    fill(root, this.travel(), this.lockScreen());
  }

  travel() {
    const to = (target, sign, label) =>
      button({ 'data-travel': target, onclick: () => this.page.act('travel', { to: target }) }, icon(sign), label);
    fill(
      this.buttons,
      to('next', 'forward', 'To the next event'),
      to('hour', 'clock', 'An hour on'),
      to('day', 'clock', 'A day on'),
    );
    this.stop = button({ className: 'stop', onclick: () => this.page.act('stop') }, icon('close'), 'Stop here');
    const close = iconButton('close', 'Close', () => this.page.side(), 'side-close');
    return el(
      'section',
      { className: 'travel', 'aria-label': 'Time travel' },
      el('header', {}, el('h2', {}, 'Time travel'), close),
      this.now,
      el('small', {}, 'the sandbox’s time in Baku'),
      this.next,
      this.buttons,
      this.going,
      this.stop,
    );
  }

  lockScreen() {
    return el(
      'section',
      { className: 'lock', 'aria-label': 'Lock screen' },
      el('header', {}, icon('lock'), el('h2', {}, 'Lock screen')),
      (this.whose = el('small', {})),
      this.phoneTime,
      this.phoneDate,
      this.notes,
    );
  }

  tick(now, language) {
    this.now.textContent = dates.full(now);
    this.phoneTime.textContent = dates.hour(now);
    this.phoneDate.textContent = dates.day(now, language);
    if (this.clock) this.showNext(now);
  }

  /** What the sandbox says of its clock: next event, and a journey that is on. */
  show(clock) {
    this.clock = clock;
    const going = Boolean(clock.target);
    for (const one of this.buttons.children)
      one.disabled = going || (one.dataset.travel === 'next' && clock.next === null);
    this.going.textContent = going
      ? `Going through ${dates.full(clock.now)} to ${dates.full(clock.target)} …`
      : (clock.note ?? '');
    this.stop.hidden = !going;
  }

  showNext(now) {
    const next = this.clock.next;
    const text = next === null ? 'Nothing is planned.' : `Next: ${dates.full(next)} (${dates.ahead(next, now)})`;
    if (this.next.textContent !== text) this.next.textContent = text;
  }

  notifications(notes, person, now, botName) {
    this.whose.textContent = person?.name ?? '';
    const empty = el('li', { className: 'none' }, person ? 'No notifications yet.' : 'Choose a person.');
    const lines = notes.map((note) =>
      el(
        'li',
        {},
        el('span', { className: 'from' }, el('b', {}, botName), el('time', {}, dates.short(note.date, now))),
        el('span', { dir: 'auto' }, note.text),
      ),
    );
    fill(this.notes, ...(lines.length ? lines : [empty]));
  }
}
