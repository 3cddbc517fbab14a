// The page: which person is chosen, what the sandbox says of her, and what she does.

import { Chat } from './chat.js';
import { Composer } from './composer.js';
import * as dialogs from './dialogs.js';
import * as links from './links.js';
import { People } from './people.js';
import { act, openedWith, Stream } from './server.js';
import { Side } from './side.js';
import { words } from './words.js';

const app = document.getElementById('app');
const notice = document.getElementById('notice');

class Page {
  constructor() {
    this.chosen = null;
    this.link = openedWith;
    this.toasted = new Set();
    this.stream = new Stream(
      (changed, whole) => this.changed(changed, whole),
      (connected) => this.connected(connected),
    );
    this.items = this.stream.items;
    this.composer = new Composer(this);
    this.people = new People(document.getElementById('people'), this);
    this.chat = new Chat(document.getElementById('chat'), this, this.composer);
    this.panel = new Side(document.getElementById('side'), this);
    this.stream.follow(null);
    setInterval(() => this.tick(), 500);
  }

  /** The sandbox's time, in milliseconds. */
  now() {
    return this.clock ? this.clock.now + (performance.now() - this.heard) * this.clock.rate : Date.now();
  }

  person() {
    return this.items.get(`person/${this.chosen}`);
  }

  tick() {
    if (!this.clock) return;
    this.people.tick(this.now());
    this.chat.tick(this.now());
    this.panel.tick(this.now(), this.person()?.language_code);
  }

  connected(connected) {
    notice.hidden = connected;
    notice.textContent = connected ? '' : 'Connection lost, trying again …';
  }

  /** Opens a person's chat; a deep link that waits goes with her. */
  choose(id) {
    // The phone's own 'back' leads from a chat to the list.
    if (app.dataset.screen === 'list') history.pushState({ chat: true }, '');
    this.chosen = id;
    this.opening = true;
    app.dataset.screen = 'chat';
    this.stream.follow(id);
  }

  showList() {
    app.dataset.screen = 'list';
    app.removeAttribute('data-side');
    this.chosen = null;
    this.stream.follow(null);
  }

  side() {
    app.toggleAttribute('data-side');
  }

  changed(changed, whole) {
    if (changed.has('clock')) {
      this.clock = this.items.get('clock');
      this.heard = performance.now();
      this.panel.show(this.clock);
    }
    this.people.show(changed, this.chosen);
    this.showChat(changed, whole);
    this.tick();
  }

  showChat(changed, whole) {
    const chat = this.items.get('chat');
    if (!chat || chat.person !== this.chosen) {
      if (whole) this.panel.notifications([], null, this.now(), '');
      return;
    }
    const bot = this.items.get('bot');
    if (this.opening) this.begin(chat, bot);
    this.chat.show(changed, this.items, whole);
    if (changed.has('chat')) {
      this.composer.show(chat);
      this.panel.notifications(chat.lock_screen, this.person(), this.now(), bot.name);
      this.toasts(chat.toasts);
    }
    this.opening = false;
    this.read();
  }

  begin(chat, bot) {
    const person = this.person();
    this.words = words(person.language_code);
    this.toasted = new Set(chat.toasts.map(({ id }) => id));
    this.composer.begin(this.words, this.link);
    this.link = null;
    this.chat.begin(person, bot, this.context(person, bot));
  }

  context(person, bot) {
    return {
      language: person.language_code,
      words: this.words,
      botName: bot.name,
      open: (url, shown) => this.openUrl(url, shown),
      command: (text) => this.act('write', { text }),
      press: (message, one, row, column) => this.press(message, one, row, column),
      menu: (message, anchor) => this.messageMenu(message, anchor),
      go: (id) => this.chat.go(id),
    };
  }

  read() {
    if (this.chosen !== null && this.person()?.unread && document.visibilityState === 'visible') this.act('read');
  }

  toasts(toasts) {
    for (const one of toasts.filter(({ id }) => !this.toasted.has(id))) {
      this.toasted.add(one.id);
      if (one.alert) dialogs.alert(this.items.get('bot').name, one.text, this.words.ok);
      else if (one.text) dialogs.toast(one.text);
    }
  }

  /** Does something as the chosen person; a refusal is shown and gives null. */
  async act(action, body = {}) {
    try {
      return await act(action, { person: this.chosen, ...body });
    } catch (error) {
      dialogs.toast(error.message);
      return null;
    }
  }

  press(message, one, row, column) {
    if (one.kind === 'url') return this.openUrl(one.url, one.url);
    return this.act('tap', { message_id: message.id, row, column });
  }

  /** Opens t.me/BOT?start=… in this page; says whether it was such a link. */
  openLink(text) {
    const username = this.items.get('bot')?.username;
    const payload = links.payload(text, username);
    if (payload === null) {
      dialogs.toast(`Only links to the bot open here: t.me/${username}?start=…`);
    } else if (this.chosen === null) {
      this.link = payload;
      dialogs.toast('Now choose the person who opens the link.');
    } else {
      this.composer.offer(payload);
    }
    return payload !== null;
  }

  async openUrl(url, shown) {
    if (links.payload(url, this.items.get('bot').username) !== null) {
      this.openLink(url);
      return;
    }
    const { open, go, no } = this.words;
    if (links.plain(url, shown) || (await dialogs.confirm(open, url, go, no)))
      window.open(url, '_blank', 'noopener,noreferrer');
  }

  messageMenu(message, anchor) {
    const { actions, reply, copy, edit } = this.words;
    const choices = [['reply', reply, () => this.composer.aim({ message, edit: false })]];
    if (message.text) choices.push(['copy', copy, () => navigator.clipboard.writeText(message.text)]);
    if (message.mine && message.text) choices.push(['edit', edit, () => this.composer.aim({ message, edit: true })]);
    dialogs.menu(anchor, actions, choices);
  }

  personMenu(anchor) {
    const blocked = this.items.get('chat')?.blocked;
    const choice = blocked
      ? ['block', 'Unblock the bot', () => this.act('unblock')]
      : ['block', 'Block the bot', () => this.act('block')];
    dialogs.menu(anchor, 'More', [choice]);
  }
}

const page = new Page();
addEventListener('popstate', () => page.showList());
document.addEventListener('visibilitychange', () => page.read());
