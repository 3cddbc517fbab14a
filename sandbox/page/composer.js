// Under the chat: where she writes, answers, edits, attaches, and presses the bot's reply keyboard.

import * as dialogs from './dialogs.js';
import { button, el, fill, icon, iconButton } from './dom.js';

const TALLEST = 120;

/** Owns the foot of the chat; `page` has act(action, body), which acts as the chosen person. */
export class Composer {
  constructor(page) {
    this.page = page;
    this.root = el('footer', { className: 'composer' });
    this.target = null;
    this.hidden = null;
    this.link = null;
  }

  /** A chat is opened; `link` is the payload of a deep link that waits for her START, or null. */
  begin(words, link) {
    this.words = words;
    this.link = link;
    this.target = null;
    this.chat = null;
    this.build();
  }

  build() {
    this.bar = el('div', { className: 'target', hidden: true });
    this.field = el('textarea', {
      rows: 1,
      dir: 'auto',
      placeholder: this.words.placeholder,
      'aria-label': this.words.placeholder,
    });
    this.field.addEventListener('input', () => this.grow());
    this.field.addEventListener('keydown', (event) => this.key(event));
    this.menu = button({ className: 'commands', onclick: () => this.commands() }, icon('menu'), this.words.menu);
    this.attach = iconButton('attach', this.words.attach, () => this.attachments());
    this.toggle = iconButton('keyboard', this.words.keyboard, () => this.toggleKeyboard());
    this.send = iconButton('send', this.words.send, () => this.submit(), 'send');
    this.entry = el('div', { className: 'entry' }, this.menu, this.field, this.toggle, this.attach, this.send);
    this.keyboard = el('div', { className: 'keyboard', role: 'group', 'aria-label': 'Reply keyboard' });
    this.only = button({ className: 'only', onclick: () => this.pressOnly() });
    fill(this.root, this.bar, this.entry, this.keyboard, this.only);
  }

  /** Shows what the chat offers her now: keyboard, commands, START or unblock. */
  show(chat) {
    this.chat = chat;
    const only = chat.blocked ? this.words.unblock : !chat.started || this.link !== null ? this.words.start : null;
    this.only.hidden = only === null;
    this.only.textContent = only ?? '';
    this.entry.hidden = only !== null;
    this.menu.hidden = !chat.commands.length;
    this.showKeyboard();
  }

  pressOnly() {
    if (this.chat.blocked) return this.page.act('unblock');
    const payload = this.link ?? '';
    this.link = null;
    return this.page.act('start', { payload });
  }

  /** A deep link was opened: START comes back until she presses it. */
  offer(link) {
    this.link = link;
    if (this.chat) this.show(this.chat);
  }

  showKeyboard() {
    const keyboard = this.chat.keyboard;
    const offered = Boolean(keyboard?.rows.length) && this.only.hidden;
    const open = offered && this.hidden !== keyboard.id;
    this.toggle.hidden = !offered;
    this.toggle.setAttribute('aria-expanded', String(open));
    this.keyboard.hidden = !open;
    this.keyboard.className = `keyboard ${keyboard?.resize ? '' : 'tall'}`;
    this.field.placeholder = keyboard?.placeholder || this.words.placeholder;
    if (open)
      fill(
        this.keyboard,
        ...keyboard.rows.map((row) => el('div', { className: 'row' }, ...row.map((one) => this.keyboardButton(one)))),
      );
  }

  keyboardButton(one) {
    const sign = { contact: 'phone', location: 'pin' }[one.request];
    return button(
      { className: one.style ?? '', onclick: () => this.pressKeyboard(one) },
      sign ? icon(sign) : null,
      el('span', { dir: 'auto' }, one.text),
    );
  }

  async pressKeyboard(one) {
    const keyboard = this.chat.keyboard;
    const { share, shareNote, yes, no } = this.words;
    if (one.request === 'contact' && !(await dialogs.confirm(share, shareNote, yes, no))) return;
    if (one.request === 'contact') await this.page.act('contact');
    else if (one.request === 'location') await this.page.act('send', { kind: 'location' });
    else await this.page.act('write', { text: one.text });
    if (keyboard.one_time) this.hide(keyboard.id);
  }

  hide(id) {
    this.hidden = id;
    this.showKeyboard();
  }

  toggleKeyboard() {
    this.hide(this.hidden === this.chat.keyboard.id ? null : this.chat.keyboard.id);
  }

  key(event) {
    if (event.key === 'Escape' && this.target) this.aim(null);
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const target = this.target;
    this.field.value = '';
    this.aim(null);
    const done = target?.edit
      ? await this.page.act('edit', { message_id: target.message.id, text })
      : await this.page.act('write', { text, reply_to: target?.message.id ?? null });
    if (!done && !this.field.value) this.field.value = text;
    this.grow();
  }

  /** The next text edits or answers a message ({message, edit}), or is a new one (null). */
  aim(target) {
    this.target = target;
    this.bar.hidden = target === null;
    if (target) {
      const title = target.edit ? this.words.editing : this.words.reply;
      const close = iconButton('close', this.words.cancel, () => this.aim(null));
      const quoted = el(
        'span',
        { className: 'two' },
        el('b', {}, title),
        el('span', { dir: 'auto' }, target.message.text || '…'),
      );
      fill(this.bar, icon(target.edit ? 'edit' : 'reply'), quoted, close);
      if (target.edit) this.field.value = target.message.text;
      this.field.focus();
    }
    this.grow();
  }

  grow() {
    this.field.style.height = 'auto';
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
  }

  commands() {
    const choices = this.chat.commands.map(({ command, description }) => [
      null,
      `/${command}`,
      () => this.page.act('write', { text: `/${command}` }),
      description,
    ]);
    dialogs.menu(this.menu, this.words.menu, choices);
  }

  attachments() {
    const send = (kind) => () => this.page.act('send', { kind });
    const { photo, voice, sticker, location, contact, document } = this.words;
    dialogs.menu(this.attach, this.words.attach, [
      ['photo', photo, send('photo')],
      ['file', document, () => this.pickFile()],
      ['pin', location, send('location')],
      ['phone', contact, () => this.page.act('contact')],
      ['voice', voice, send('voice')],
      ['smile', sticker, send('sticker')],
    ]);
  }

  /** Sends a file that is chosen on this machine; it goes no further than the sandbox. */
  pickFile() {
    const picker = el('input', { type: 'file' });
    picker.addEventListener('change', async () => {
      const [file] = picker.files;
      const bytes = new Uint8Array(await file.arrayBuffer());
      let signs = '';
      for (let at = 0; at < bytes.length; at += 8192) signs += String.fromCharCode(...bytes.subarray(at, at + 8192));
      await this.page.act('send', { kind: 'document', name: file.name, content: btoa(signs) });
    });
    picker.click();
  }
}
