/** Lag of some partitions; null when none of them counts any. */
export function sumOf(partitions: readonly { readonly lagBars: number | null }[]): number | null {
  const counted = partitions.flatMap(({ lagBars }) => (lagBars === null ? [] : [lagBars]));
  return counted.length === 0 ? null : counted.reduce((sum, lagBars) => sum + lagBars, 0);
}
