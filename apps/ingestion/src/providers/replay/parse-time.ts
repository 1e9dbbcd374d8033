const DAY = /^(\d{4})-?(\d{2})-?(\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Epoch numbers below this are seconds, above it milliseconds: it is 5138 in seconds and March 1973 in milliseconds. */
const SECONDS_BELOW = 1e11;
const LATEST = Date.UTC(2200, 0, 1);

/**
 * A time as recorded data has it, in epoch ms: `2000-01-03`, `20000103`, `2000-01-03 09:30[:00[.000]]` (UTC without a zone),
 * RFC 3339, epoch seconds or milliseconds. NaN for anything else: a guess at 03/01/2000 would be wrong half of the time.
 */
export function parseTime(value: unknown): number {
  const text = String(value ?? '').trim();
  const day = DAY.exec(text);
  if (day) return checkedDay(`${day[1]}-${day[2]}-${day[3]}`);
  if (/^\d+(\.\d+)?$/.test(text)) return fromEpoch(Number(text));
  const moment = MOMENT.exec(text);
  if (!moment || Number.isNaN(checkedDay(moment[1] as string))) return Number.NaN;
  const zone = (moment[4] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  return Math.floor(Date.parse(`${moment[1]}T${moment[2]}${moment[3] ?? ':00'}${zone}`));
}

function fromEpoch(value: number): number {
  const time = Math.round(value < SECONDS_BELOW ? value * 1000 : value);
  return time < LATEST ? time : Number.NaN;
}

/** Date.parse accepts 30 February in some spellings; a recorded day must exist. */
function checkedDay(day: string): number {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? Number.NaN : time;
}
