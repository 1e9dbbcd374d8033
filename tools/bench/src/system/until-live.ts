import { createReader, LATEST_WITHIN_MS } from '@wagehood/streams';
import { until } from '../process/until';
import { PARTITIONS, type System } from './start-system';

const SAMPLE = 32;
/** A final bar of one second comes up to a second after its end, for symbols take turns, and is the last one that is stored for a while. */
const LIVE_MS = 3_300 + LATEST_WITHIN_MS;
/** For so long it must have been of now: what is behind catches up in leaps. */
const HELD_MS = 2_000;

/** Resolves when the newest values are of now: the history has gone through, and so has what came due while it did. */
export async function untilLive(system: System, symbols: readonly string[], timeoutMs: number): Promise<void> {
  const reader = createReader(system.link, PARTITIONS);
  const step = Math.ceil(symbols.length / SAMPLE);
  const series = symbols.filter((_, i) => i % step === 0).map((symbol) => `${symbol}|1s` as const);
  let liveSince = Infinity;
  await until('the present', timeoutMs, async () => {
    const latest = await reader.latest(series);
    const oldest = Math.min(
      ...series.map((key) => (JSON.parse(latest.get(key) ?? '{"timestamp":0}') as { timestamp: number }).timestamp),
    );
    const now = Date.now();
    liveSince = now - oldest < LIVE_MS ? Math.min(liveSince, now) : Infinity;
    return now - liveSince >= HELD_MS;
  });
}
