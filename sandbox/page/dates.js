// Moments are UTC milliseconds; every one is shown in Baku's time, whatever the zone of the browser.

const ZONE = 'Asia/Baku';
const formats = new Map();

function format(locale, options) {
  const name = locale + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  return formats.get(name);
}

// Browsers are built without Azerbaijani names of months and days.
const MONTHS = 'yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr'.split(' ');
const DAYS = 'bazar,bazar ertəsi,çərşənbə axşamı,çərşənbə,cümə axşamı,cümə,şənbə'.split(',');
const ENGLISH_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const LOCALES = { ru: 'ru', en: 'en-GB' };

/** A moment in the language of a phone (see words.js: Azerbaijani where it is none of ours). */
function local(moment, language, options) {
  const known = LOCALES[(language ?? '').slice(0, 2)];
  if (known) return format(known, options).format(moment);
  const parts = format('en-GB', options).formatToParts(moment);
  return parts.map(({ type, value }) => azerbaijani(type, value, moment)).join('');
}

function azerbaijani(type, value, moment) {
  if (type === 'literal') return value.replace(' at ', ', ');
  if (type === 'weekday') return DAYS[ENGLISH_DAYS.indexOf(value)];
  return type === 'month' && !/\d/.test(value)
    ? MONTHS[format('en-GB', { month: 'numeric' }).format(moment) - 1]
    : value;
}

/** 15:07 */
export const hour = (moment) => format('en-GB', { hour: '2-digit', minute: '2-digit' }).format(moment);

/** Mon 23 Nov, 15:07 */
export const brief = (moment) =>
  format('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    moment,
  );

/** Mon 23 Nov 2026, 15:07 */
export const full = (moment) =>
  `${format('en-GB', { weekday: 'short' }).format(moment)} ${date(moment)}, ${hour(moment)}`;

const date = (moment) => format('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(moment);

/** 23 November, in the person's language: the line between two days of a chat. */
export const day = (moment, language) => local(moment, language, { day: 'numeric', month: 'long' });

/** The hour today, the day and month otherwise: as in a list of chats. */
export function short(moment, now) {
  return date(moment) === date(now) ? hour(moment) : format('en-GB', { day: 'numeric', month: 'short' }).format(moment);
}

/** How long from now: 'in 40 s', 'in 5 min', 'in 3 h', 'in 2 days'. */
export function ahead(moment, now) {
  const seconds = Math.max(0, Math.round((moment - now) / 1000));
  if (seconds < 90) return `in ${seconds} s`;
  if (seconds < 5400) return `in ${Math.round(seconds / 60)} min`;
  if (seconds < 129600) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / 86400)} days`;
}

/** A moment as a message's date_time entity asks for it (Bot API, 'Date-time entity formatting'). */
export function entity(unixTime, pattern, language) {
  const options = {};
  if (pattern.includes('w')) options.weekday = 'long';
  if (pattern.includes('d')) Object.assign(options, { day: '2-digit', month: '2-digit', year: '2-digit' });
  if (pattern.includes('D')) Object.assign(options, { day: 'numeric', month: 'long', year: 'numeric' });
  if (/t/i.test(pattern)) Object.assign(options, { hour: '2-digit', minute: '2-digit' });
  if (pattern.includes('T')) options.second = '2-digit';
  return local(unixTime * 1000, language, options);
}
