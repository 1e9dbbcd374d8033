import { columns } from '@wagehood/command';
import type { DeadLetterResponse, DeadLetterSummary, ListedAlert } from '@wagehood/contracts';

const WIDEST = 100;

/** The last column is cut rather than wrapped. */
const table = (rows: readonly (readonly string[])[]): readonly string[] =>
  columns(rows.map((cells) => [...cells.slice(0, -1), cut(cells.at(-1) ?? '')]));

/** Errors come from anywhere: one line each, and nothing that a terminal would obey. */
const plain = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

export function letterLines(letters: readonly DeadLetterSummary[], kept: Record<string, number>): readonly string[] {
  const counts = Object.entries(kept).map(([stage, count]) => `${stage} ${count}`);
  const summary = `${letters.length} shown; kept: ${counts.join(', ')}`;
  if (letters.length === 0) return [summary];
  const rows = letters.map(({ id, at, symbol, timeframe, definition, error }) => [
    ...[at, id, `${symbol ?? '–'} ${timeframe ?? ''}`.trim(), definition ?? '–'].map(plain),
    plain(error),
  ]);
  return [...table([['PUT ASIDE', 'ID', 'SERIES', 'FOR', 'ERROR'], ...rows]), '', summary];
}

export function letterPage(letter: DeadLetterResponse): readonly string[] {
  const { payload, ...about } = letter;
  const rows = Object.entries(about).map(([name, value]) => `${name.padEnd(10)}  ${plain(String(value ?? '–'))}`);
  return [...rows, '', plain(payload)];
}

export function alertLines(alerts: readonly ListedAlert[]): readonly string[] {
  if (alerts.length === 0) return ['every alert was delivered'];
  const rows = alerts.map(({ id, createdAt, rule, channel, reason = '' }) => [
    ...[createdAt, id, rule, channel].map(plain),
    plain(reason),
  ]);
  return table([['RAISED', 'ID', 'RULE', 'CHANNEL', 'REASON'], ...rows]);
}
