import type { IndicatorValue } from '@wagehood/contracts';

/** A value of an indicator with the bar that it is from. */
export interface ShownValue {
  readonly value: IndicatorValue;
  /** Epoch ms. */
  readonly openTime: number;
  readonly receivedAt: number;
}

/**
 * The value that clients see now when `update_frequency_seconds` is longer than a bar: the one of the first bar that we
 * saw in the span, until a bar of a later span comes. Remembers nothing of values that may change with every bar.
 */
export class HeldValues {
  readonly #held = new Map<string, ShownValue>();

  /** @param key series and indicator */
  show(key: string, newest: ShownValue, frequencySeconds: number, barMs: number): ShownValue {
    const spanMs = frequencySeconds * 1_000;
    if (spanMs <= barMs) return newest;
    const held = this.#held.get(key);
    const sameSpan = held && Math.floor(held.openTime / spanMs) === Math.floor(newest.openTime / spanMs);
    if (sameSpan && held.value !== null) return held;
    this.#held.set(key, newest);
    return newest;
  }
}
