import type { Random } from '@wagehood/streams/testing';

/** What a scenario measured, by name with unit. */
export type Figures = Readonly<Record<string, number | string>>;

/** One kind of fault against a running fleet. It throws when anything at all is wrong. */
export interface Scenario {
  /** `kill9`; with the number of strikes behind it, `kill9-200`, it is the scenario of the long run. */
  readonly name: string;
  /** How often the fault strikes in the long run; null where that is no question. */
  readonly strikes: number | null;
  readonly title: string;
  run(context: ChaosContext): Promise<Figures>;
}

/** What a scenario is given. */
export interface ChaosContext {
  readonly random: Random;
  readonly seed: number;
  /** Faults to strike, if there is time. */
  readonly strikes: number;
  readonly load: Load;
  /** Another Node, for copies that must come to the same. */
  readonly otherNode: string | null;
  /** False when its time is over: strike no more and verify what there is. */
  hasTime(): boolean;
  /** Tells the person at the terminal what goes on. */
  say(text: string): void;
}

export interface Load {
  /** Symbols in each of the 16 partitions. */
  readonly symbolsEach: number;
  /** Bars per symbol and second. */
  readonly rate: number;
}

/** Few symbols and so few bars that a machine with two cores in a slow hour has time for the faults. */
export const SMALL_LOAD: Load = { symbolsEach: 16, rate: 2 };

/** `kill9-200`, or the plain name where nothing is counted. */
export const labelOf = ({ name, strikes }: Pick<Scenario, 'name' | 'strikes'>): string =>
  strikes === null ? name : `${name}-${strikes}`;
