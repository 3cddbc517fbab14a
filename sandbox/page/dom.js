// Small ways to build the page. Text only ever goes in as text: nothing here parses HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties, data-/aria- attributes, listeners (onclick …) and children (nodes, strings, or nothing). */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
  else if (name in node && !name.includes('-')) node[name] = value;
  else node.setAttribute(name, value === true ? '' : value);
}

/** A button that never submits a form. */
export function button(properties, ...children) {
  return el('button', { type: 'button', ...properties }, ...children);
}

/** A round button that shows an icon only; `label` is what a screen reader says. */
export function iconButton(name, label, onclick, className = '') {
  return button({ className: `round ${className}`, 'aria-label': label, title: label, onclick }, icon(name));
}

/** Replaces everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

const ICONS = {
  back: 'M15 5l-7 7 7 7',
  send: 'M4 12L20 4l-6 17-3-7zM11 14l9-10',
  attach: 'M20 11l-8 8a5 5 0 0 1-7-7l8-8a3.5 3.5 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7',
  menu: 'M4 7h16M4 12h16M4 17h16',
  lock: 'M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3',
  clock: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3.5 2.5',
  more: 'M12 5v.01M12 12v.01M12 19v.01',
  close: 'M6 6l12 12M18 6L6 18',
  reply: 'M10 6L4 12l6 6M4 12h10a6 6 0 0 1 6 6v1',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  copy: 'M8 8h11v12H8zM5 16V4h11',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  pin: 'M12 21s-6-6-6-11a6 6 0 0 1 12 0c0 5-6 11-6 11zM12 8a2 2 0 1 0 0 4a2 2 0 1 0 0-4',
  voice: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3M6 11a6 6 0 0 0 12 0M12 17v4',
  photo: 'M4 6h16v13H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01',
  smile: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8.5 14a4 4 0 0 0 7 0M9 9.5v.01M15 9.5v.01',
  phone: 'M6 3h4l1 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 1v4a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3',
  keyboard: 'M3 6h18v12H3zM7 10v.01M11 10v.01M15 10v.01M8 14h8',
  add: 'M12 5v14M5 12h14',
  sent: 'M5 12l5 5L19 7',
  taken: 'M2 12l5 5L16 7M12 17l1 0L22 7',
  block: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M6 6l12 12',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  play: 'M8 5l11 7-11 7z',
  forward: 'M5 5l7 7-7 7M13 5l7 7-7 7',
  open: 'M8 16L18 6M10 6h8v8',
};

/** A drawn icon; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
