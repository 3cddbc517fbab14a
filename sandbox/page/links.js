// Links: those to the bot (t.me/BOT?start=…) open in the page, others in a new tab.

const HOSTS = ['t.me', 'telegram.me', 'telegram.dog'];

/** The start payload if `text` is a link to the bot (an empty one without ?start=), otherwise null. */
export function payload(text, username) {
  const url = parsed(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
  if (!url || !username) return null;
  const name =
    url.protocol === 'tg:'
      ? url.searchParams.get('domain')
      : HOSTS.includes(url.hostname)
        ? url.pathname.slice(1)
        : null;
  return name?.toLowerCase() === username.toLowerCase() ? (url.searchParams.get('start') ?? '') : null;
}

/** Whether a link says where it leads, so that nobody has to be asked before it opens. */
export function plain(url, shown) {
  return shown === url || `https://${shown}` === url || /^(mailto|tel):/.test(url);
}

function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
