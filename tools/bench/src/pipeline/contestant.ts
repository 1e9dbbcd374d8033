/** Somebody who brings bars from a generator through indicators and strategies. */
export interface Contestant {
  readonly name: string;
  /** What each of its processes is called, and its id. */
  readonly processes: ReadonlyMap<string, number>;
  /** Rejects when one of its processes ends. */
  readonly died: Promise<never>;
  /** Bars that the last step has finished so far. */
  finishedBars(): Promise<number>;
  /** Ends all of its processes. */
  stop(): Promise<void>;
  /** Stops and starts the generator. */
  hold(): void;
  go(): void;
}
