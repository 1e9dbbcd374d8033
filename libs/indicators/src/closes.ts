/**
 * The last closes of one series, before the bar that is being stepped. One window serves every indicator of a plan; the
 * engine points it at a series and appends the bar's close after all indicators have seen the bar. Read-only for steps.
 *
 * A ring in flat memory: `slots[base … base + size)`, the next close goes to `head`.
 */
export class Closes {
  slots: Float64Array;
  base = 0;
  head = 0;
  readonly size: number;

  constructor(slots: Float64Array, size: number) {
    this.slots = slots;
    this.size = size;
  }

  /** The close k bars before the one being stepped, 1 ≤ k ≤ size; meaningless where the series is younger than that. */
  back(k: number): number {
    const index = this.head - k;
    return this.slots[this.base + (index < 0 ? index + this.size : index)] as number;
  }
}
