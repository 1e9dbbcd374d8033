import type { Runs } from './runs';

const FIRST_ROWS = 256;
/** Two numbers of each row. */
const [RUN, END, WIDTH] = [0, 1, 2];
/** Those that nobody uses now. */
const spare: RowPlaces[] = [];
let order = new Int32Array(FIRST_ROWS);

/** The run that each row of a batch belongs to, and where the text of its own cells ends. */
export class RowPlaces {
  #rows = 0;
  #numbers = new Int32Array(WIDTH * FIRST_ROWS);

  static take(): RowPlaces {
    return spare.pop() ?? new RowPlaces();
  }

  giveBack(): void {
    this.#rows = 0;
    spare.push(this);
  }

  add(run: number, end: number): void {
    const at = WIDTH * this.#rows++;
    if (at === this.#numbers.length) this.#grow();
    this.#numbers[at + RUN] = run;
    this.#numbers[at + END] = end;
  }

  end(row: number): number {
    return this.#numbers[WIDTH * row + END] as number;
  }

  /** The rows, run by run, each run in the order in which its rows came; good until the next call of anybody. */
  byRun(runs: Runs): Int32Array {
    if (order.length < this.#rows) order = new Int32Array(2 * this.#rows);
    const next = new Int32Array(runs.count);
    for (let run = 1; run < runs.count; run++) next[run] = (next[run - 1] as number) + runs.bars(run - 1);
    for (let row = 0; row < this.#rows; row++) {
      const run = this.#numbers[WIDTH * row + RUN] as number;
      order[(next[run] as number)++] = row;
    }
    return order;
  }

  #grow(): void {
    const numbers = new Int32Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
