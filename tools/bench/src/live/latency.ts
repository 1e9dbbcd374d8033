import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@wagehood/contracts';
import { timeframeMs } from '@wagehood/market';
import { lagOf } from '@wagehood/mock-market';
import { createTail, silentLog } from '@wagehood/streams';
import { percentile } from '../report/percentile';
import type { Row } from '../row';
import { PARTITIONS, type System } from '../system/start-system';

/** Latencies of live signals, ms. */
export interface SignalLatencies {
  /** From the append of the bar to the log until the signal was in its stream, by the server's clock. */
  readonly committed: readonly number[];
  /** From there until a reader of the stream held it in its hands. */
  readonly read: readonly number[];
  /** The same from the moment at which the provider was to say the bar: what it waits for in ingestion counts too. */
  readonly whole: readonly number[];
}

/** Time between two updates of a symbol. */
const INTERVAL_MS = 1_000;

/** Follows the signals of a running system for a while, as the api does: without a group. */
export async function watchSignals(system: System, forMs: number): Promise<SignalLatencies> {
  const tail = createTail({ link: system.link, partitions: PARTITIONS, log: silentLog });
  const committed: number[] = [];
  const read: number[] = [];
  const whole: number[] = [];
  const following = tail.follow(await tail.position(['signal_stream']), (entries) => {
    const now = performance.timeOrigin + performance.now();
    for (const { kind, data, token } of entries) {
      if (kind !== 'signal') continue;
      for (const { receivedAt, backfilled, symbol, timeframe, barOpenTime } of JSON.parse(data) as Signal[]) {
        if (backfilled) continue;
        committed.push(Number(token) / 1_000 - receivedAt);
        read.push(now - receivedAt);
        whole.push(now - barOpenTime - timeframeMs(timeframe) - lagOf(symbol, INTERVAL_MS));
      }
    }
  });
  await delay(forMs);
  await following.stop();
  return { committed, read, whole };
}

/** Middle and tail of latencies. */
export const latencyRows = (name: string, samples: readonly number[]): Row[] =>
  [50, 99].map((p) => ({ name: `${name}, p${p}`, value: percentile(samples, p / 100), unit: 'ms' }));
