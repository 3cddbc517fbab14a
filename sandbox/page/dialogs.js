// What lies over the page for a moment: toasts, questions with two answers, menus, and the form for a new person.

import { button, el, icon } from './dom.js';

const TOAST_MS = 4000;

/** A line that goes away by itself. */
export function toast(text) {
  const node = el('div', { className: 'toast', dir: 'auto' }, text);
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

function dialog(...children) {
  const node = el('dialog', {}, ...children);
  node.addEventListener('close', () => node.remove());
  document.body.append(node);
  node.showModal();
  return node;
}

/** A text with one button. */
export function alert(title, text, ok) {
  const node = dialog(
    el('b', {}, title),
    el('p', { dir: 'auto' }, text),
    el('div', { className: 'answers' }, button({ onclick: () => node.close() }, ok)),
  );
}

/** A question; resolves to true if the person agrees. */
export function confirm(title, text, yes, no) {
  return new Promise((resolve) => {
    let agreed = false;
    const agree = () => {
      agreed = true;
      node.close();
    };
    const answers = el(
      'div',
      { className: 'answers' },
      button({ onclick: () => node.close() }, no),
      button({ onclick: agree }, yes),
    );
    const node = dialog(el('b', {}, title), el('p', { dir: 'auto' }, text), answers);
    node.addEventListener('close', () => resolve(agreed));
  });
}

/** A menu beside `anchor`: choices are [icon, label, action]; closes on a choice, Escape, or a press elsewhere. */
export function menu(anchor, label, choices) {
  const node = el('dialog', { className: 'menu', 'aria-label': label });
  for (const [sign, text, action, note] of choices) {
    const choose = () => {
      node.close();
      action();
    };
    node.append(
      button({ onclick: choose }, sign ? icon(sign) : null, el('span', {}, text), note ? el('small', {}, note) : null),
    );
  }
  node.addEventListener('click', (event) => event.target === node && node.close());
  node.addEventListener('close', () => node.remove());
  document.body.append(node);
  node.showModal();
  place(node, anchor);
}

function place(node, anchor) {
  const at = anchor.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - node.offsetWidth - 8);
  const below = at.bottom + 4;
  const top = below + node.offsetHeight > innerHeight - 8 ? at.top - node.offsetHeight - 4 : below;
  node.style.left = `${Math.max(8, left)}px`;
  node.style.top = `${Math.max(8, top)}px`;
}

const LANGUAGES = [
  ['az', 'Azərbaycanca (az)'],
  ['ru', 'Русский (ru)'],
  ['en', 'English (en)'],
  ['tr', 'Türkçe (tr)'],
  ['', 'none'],
];

/** The form for a new sample person; calls `join({name, language_code, phone_number})`. */
export function newPerson(join) {
  const name = el('input', {
    name: 'name',
    required: true,
    maxLength: 64,
    placeholder: 'Sevinc (nümunə)',
    autocomplete: 'off',
  });
  const language = el('select', {}, ...LANGUAGES.map(([code, label]) => el('option', { value: code }, label)));
  const phone = el('input', { type: 'tel', placeholder: '+994 50 000 00 00', maxLength: 20, autocomplete: 'off' });
  const send = (event) => {
    event.preventDefault();
    node.close();
    join({ name: name.value.trim(), language_code: language.value, phone_number: phone.value.trim() });
  };
  const answers = el(
    'div',
    { className: 'answers' },
    button({ onclick: () => node.close() }, 'Cancel'),
    el('button', { type: 'submit' }, 'Add'),
  );
  const form = el(
    'form',
    { onsubmit: send },
    el('b', {}, 'Add a sample person'),
    el('label', {}, 'Name', name),
    el('label', {}, 'Language of her phone', language),
    el('label', {}, 'Phone number (optional)', phone),
    answers,
  );
  const node = dialog(form);
}
