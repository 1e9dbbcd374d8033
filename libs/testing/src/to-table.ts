type Tree = Readonly<Record<string, unknown>>;

/** Messages as the table that our services write: the names of their fields, then a row for each. What one lacks is null, or beyond its end. */
export function toTable(messages: readonly object[]): unknown[] {
  const cells = messages.map((message) => new Map(cellsOf(message as Tree, '')));
  const names = [...new Set(cells.flatMap((row) => [...row.keys()]))];
  return [
    names,
    ...cells.map((row) => {
      const end = 1 + names.findLastIndex((name) => row.has(name));
      return names.slice(0, end).map((name) => row.get(name) ?? null);
    }),
  ];
}

/** An empty one is a cell of its own: nothing else would tell that it is there. */
const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

function cellsOf(tree: Tree, path: string): [name: string, value: unknown][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isRecord(value) ? cellsOf(value as Tree, `${path}${name}.`) : [[`${path}${name}`, value] as [string, unknown]],
  );
}
