/** How many names a refusal lists. */
const LISTED = 20;

/**
 * The symbols that a refusal should name: those most like what was asked for first, then the rest in order.
 * @param asked normalised text
 */
export function likelySymbols(asked: string, known: readonly string[]): readonly string[] {
  const distance = (symbol: string): number => {
    if (symbol.startsWith(asked) || asked.startsWith(symbol)) return 0;
    return symbol.includes(asked) || asked.includes(symbol) ? 1 : editDistanceUpTo2(asked, symbol);
  };
  return known
    .map((symbol) => ({ symbol, distance: distance(symbol) }))
    .sort((a, b) => a.distance - b.distance || a.symbol.localeCompare(b.symbol))
    .slice(0, LISTED)
    .map(({ symbol }) => symbol);
}

/** 1 or 2 for one or two typing errors, 3 for anything further apart. */
function editDistanceUpTo2(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return Math.min(3, previous[b.length] ?? 3);
}
