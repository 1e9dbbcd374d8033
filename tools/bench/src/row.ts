/** One figure of a bench. `baseline` is the figure it is compared with in the same unit, `ratio` how the two relate. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
}
