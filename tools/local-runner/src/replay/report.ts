import type { HttpSignal } from '@wagehood/contracts';
import { grouped, signalColumns, table } from '../view/format';

const HEAD = ['bar', 'symbol', 'tf', 'side', 'price', 'conf.', 'strategy'];

/** The signals of a finished replay, oldest first, and how many each strategy gave. */
export function replayReport(symbols: readonly string[], bars: number, signals: readonly HttpSignal[]): string[] {
  const inOrder = [...signals].sort(
    (a, b) => a.barOpenTime.localeCompare(b.barOpenTime) || a.strategy.localeCompare(b.strategy),
  );
  const counts = new Map<string, number>();
  for (const { strategy } of inOrder) counts.set(strategy, (counts.get(strategy) ?? 0) + 1);
  const byStrategy = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([name, count]) => [name, String(count)]);
  return [
    '',
    `The replay of ${symbols.join(', ')} is finished: ${grouped(bars)} bars, ${grouped(inOrder.length)} signals.`,
    '',
    ...table([HEAD, ...inOrder.map(signalColumns)]).map((line) => `  ${line}`),
    '',
    ...table([['strategy', 'signals'], ...byStrategy]).map((line) => `  ${line}`),
    '',
  ];
}
