import { setTimeout as delay } from 'node:timers/promises';
import type { RedisLink } from '@wagehood/streams';
import { CALCULATIONS, EVALUATION_GROUP, finished } from './plain-streams';

/** The three processes of a baseline. Each warms up when it is created, and its work never ends: it is killed. */
export interface Steps {
  generate(link: RedisLink, symbols: readonly string[]): () => Promise<void>;
  calculate(link: RedisLink, symbols: readonly string[]): () => Promise<void>;
  evaluate(link: RedisLink, symbols: readonly string[]): () => Promise<void>;
}

export const stepNames = ['generate', 'calculate', 'evaluate'] as const;

/** Bars under way at most, in reads of the steps: nobody ever waits for work, and no backlog outlives a round for long. */
const READS_UNDER_WAY = 20;

/** Repeats `send`, which sends as many bars as the steps read at once, as fast as the last step follows. */
export async function keepUp(link: RedisLink, readBars: number, send: () => Promise<void>): Promise<void> {
  // A generator that was stopped for a while finds its command timed out: one bar more or less is nothing here.
  const isAhead = async (sent: number): Promise<boolean> => {
    const done = await finished(link, CALCULATIONS, EVALUATION_GROUP).catch(() => 0);
    return sent - done > READS_UNDER_WAY * readBars;
  };
  for (let sent = 0; ; sent += (READS_UNDER_WAY / 4) * readBars) {
    while (await isAhead(sent)) await delay(2);
    for (let i = 0; i < READS_UNDER_WAY / 4; i++) await send().catch(() => undefined);
  }
}
