import { timeframeMs, type Timeframe } from '@wagehood/market';
import { NUMBERS_PER_BAR, createBarMaker, madeBar, type BarMaker, type MadeBar } from './bar-maker';

/** A symbol and the open time of its first bar (aligned, epoch ms). */
export interface Track {
  readonly symbol: string;
  readonly from: number;
}

/** Bars of a symbol that are made in one go: what its maker keeps is in the processor's cache then. */
const AHEAD = 16;

/** The final bars of several symbols: one open time after the other, symbols in turn. */
export class FinalBars {
  readonly #spanMs: number;
  readonly #tracks: readonly { readonly maker: BarMaker; readonly from: number }[];
  /** Of the bars that are made: open time by open time, in each the symbols in turn. */
  readonly #numbers: Float64Array;
  /** Open times that are made, the first of them, and which bar is next. */
  #times = 0;
  #first: number;
  #time = 0;
  #track = 0;

  /** @param end no bar opens then or later (epoch ms) */
  constructor(
    seed: number,
    private readonly timeframe: Timeframe,
    tracks: readonly Track[],
    private readonly end = Infinity,
  ) {
    this.#spanMs = timeframeMs(timeframe);
    this.#tracks = tracks.map(({ symbol, from }) => ({ maker: createBarMaker(seed, symbol, timeframe), from }));
    this.#numbers = new Float64Array(AHEAD * tracks.length * NUMBERS_PER_BAR);
    this.#first = tracks.reduce((first, { from }) => Math.min(first, from), end);
  }

  /** Null when there are no more. */
  next(): MadeBar | null {
    for (; this.#time < this.#times || this.#make(); this.#time++, this.#track = 0) {
      const openTime = this.#first + this.#time * this.#spanMs;
      while (this.#track < this.#tracks.length) {
        const at = (this.#time * this.#tracks.length + this.#track) * NUMBERS_PER_BAR;
        const { maker, from } = this.#tracks[this.#track++] as { maker: BarMaker; from: number };
        if (openTime >= from) return madeBar(maker.symbol, this.timeframe, openTime, this.#numbers, at);
      }
    }
    return null;
  }

  /** Makes the next ones; false when there are none. */
  #make(): boolean {
    this.#first += this.#times * this.#spanMs;
    this.#times = Math.max(0, Math.min(AHEAD, Math.ceil((this.end - this.#first) / this.#spanMs)));
    this.#time = 0;
    this.#tracks.forEach(({ maker, from }, track) => {
      for (let time = 0; time < this.#times; time++) {
        const openTime = this.#first + time * this.#spanMs;
        if (openTime >= from)
          maker.fill(openTime, this.#numbers, (time * this.#tracks.length + track) * NUMBERS_PER_BAR);
      }
    });
    return this.#times > 0;
  }
}
