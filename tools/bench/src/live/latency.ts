import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@wagehood/contracts';
import { createTail, silentLog } from '@wagehood/streams';
import type { System } from '../system/start-system';

/** Latencies of live signals, ms: from the append of the bar to the log. */
export interface SignalLatencies {
  /** Until the signal was in its stream, by the server's clock. */
  readonly committed: readonly number[];
  /** Until a reader of the stream held it in its hands. */
  readonly read: readonly number[];
}

const PARTITIONS = 16;

/** Follows the signals of a running system for a while, as the api does: without a group. */
export async function watchSignals(system: System, forMs: number): Promise<SignalLatencies> {
  const tail = createTail({ link: system.link, partitions: PARTITIONS, log: silentLog });
  const committed: number[] = [];
  const read: number[] = [];
  const following = tail.follow(await tail.position(['signal_stream']), (entries) => {
    const now = performance.timeOrigin + performance.now();
    for (const { kind, data, token } of entries) {
      if (kind !== 'signal') continue;
      for (const { receivedAt, backfilled } of JSON.parse(data) as Signal[]) {
        if (backfilled) continue;
        committed.push(Number(token) / 1_000 - receivedAt);
        read.push(now - receivedAt);
      }
    }
  });
  await delay(forMs);
  await following.stop();
  return { committed, read };
}
