import type { Verified } from '@wagehood/fleet';
import type { ChaosContext } from '../scenario';
import type { ChaosFleet } from './chaos-fleet';

/** What a series of strikes came to. */
export interface Endured {
  readonly strikes: number;
  readonly verified: Verified;
}

/**
 * Strikes again and again while there is time, verifies everything after every `verifyEvery` strikes and in the end, and tells
 * how it goes.
 */
export async function endure(
  { strikes, hasTime, say }: ChaosContext,
  fleet: ChaosFleet,
  verifyEvery: number,
  strike: (n: number) => Promise<void>,
  /** Ends what a strike may have left behind before everything is verified. */
  heal: () => void = () => undefined,
): Promise<Endured> {
  for (let n = 1; ; n++) {
    await strike(n);
    const isLast = n >= strikes || !hasTime();
    if (!isLast && n % verifyEvery !== 0) continue;
    heal();
    const verified = await fleet.verify();
    say(
      `${n} of ${strikes}: ${verified.bars} bars, ${verified.signals} signals, none lost, doubled, swapped or changed`,
    );
    if (isLast) return { strikes: n, verified };
    await fleet.resume();
  }
}

export const countsOf = ({ strikes, verified: { bars, events, signals, corrections } }: Endured) => ({
  ...{ strikes, bars, events, signals },
  ...(corrections > 0 ? { corrections } : {}),
});
