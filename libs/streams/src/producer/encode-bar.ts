import type { BarEvent } from '@wagehood/contracts';

const quoted = new Map<string, string>();

/** Writes a bar as JSON text. By hand, because this runs once per bar of the whole market: symbols and timeframes are path-safe. */
export function encodeBar(bar: BarEvent): string {
  let source = quoted.get(bar.source);
  if (source === undefined) quoted.set(bar.source, (source = JSON.stringify(bar.source)));
  return (
    `{"symbol":"${bar.symbol}","timeframe":"${bar.timeframe}","timestamp":${bar.timestamp},"open":${bar.open},"high":${bar.high},` +
    `"low":${bar.low},"close":${bar.close},"volume":${bar.volume},"price":${bar.price},"source":${source},"isFinal":${bar.isFinal}` +
    `${bar.backfilled ? ',"backfilled":true' : ''}${bar.revision === undefined ? '' : `,"revision":${bar.revision}`}}`
  );
}
