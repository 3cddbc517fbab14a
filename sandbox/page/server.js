// The way to the sandbox: a stream of what changed, and posts of what the person does.

const parameters = new URLSearchParams(location.search);
const KEY = parameters.get('key') ?? '';

/** The payload of a deep link that the page itself was opened with (?start=…), or null. */
export const openedWith = parameters.get('start');

/** The address of a file that the bot or the person sent. */
export const fileAddress = (id) => `/page/file/${encodeURIComponent(id)}?key=${encodeURIComponent(KEY)}`;

/** Does something as a person; returns the sandbox's answer, or throws an Error whose message can be shown. */
export async function act(action, body = {}) {
  let response;
  try {
    response = await fetch(`/page/do/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Sandbox-Key': KEY },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error('The sandbox did not answer.');
  }
  const answer = await response.json().catch(() => ({ error: `The sandbox answered ${response.status}.` }));
  if (answer.error) throw new Error(answer.error);
  return answer;
}

/** Items by name, kept equal to the sandbox's; listens for one person at a time and reconnects by itself. */
export class Stream {
  constructor(onChange, onConnection) {
    this.items = new Map();
    this.onChange = onChange;
    this.onConnection = onConnection;
  }

  /** Follows the chat of `person` (null: the list of people only). */
  follow(person) {
    clearTimeout(this.again);
    this.source?.close();
    const query = new URLSearchParams({ key: KEY, ...(person ? { person } : {}) });
    const source = new EventSource(`/page/events?${query}`);
    this.source = source;
    source.addEventListener('snapshot', (event) => this.receive(event, true));
    source.addEventListener('change', (event) => this.receive(event, false));
    source.addEventListener('error', () => {
      source.close();
      this.onConnection(false);
      this.again = setTimeout(() => this.follow(person), 1000);
    });
  }

  receive(event, whole) {
    const changes = JSON.parse(event.data);
    if (whole) {
      for (const name of this.items.keys()) if (!(name in changes)) changes[name] = null;
      this.onConnection(true);
    }
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) this.items.delete(name);
      else this.items.set(name, value);
    }
    this.onChange(new Set(Object.keys(changes)), whole);
  }
}
