/**
 * A batch of like messages as a table: the names of the fields once, in the first row, then a row of values for each message. A
 * name with dots is a path (`values.macd.signal_line`). A row may end early: what it does not reach is absent, but for the
 * outermost record on the way to it: it is empty. null is absent too, unless it lies in a record.
 */
export function fromTable(batch: readonly unknown[]): readonly unknown[] {
  const [head, ...rows] = batch;
  if (!Array.isArray(head)) return batch;
  const paths = head.map(pathOf);
  return rows.map((row) => (Array.isArray(row) ? message(paths, row) : row));
}

/**
 * The messages of an entry's `data`, a JSON array of objects or a table.
 * @param of what they are, for the message
 * @throws SyntaxError when it is no JSON, Error when it is no array
 */
export function readBatch(json: string, of = 'messages'): readonly unknown[] {
  const batch: unknown = JSON.parse(json);
  if (!Array.isArray(batch)) throw new Error(`data is no JSON array of ${of}`);
  return fromTable(batch);
}

interface Path {
  readonly parents: readonly string[];
  readonly field: string;
}

type Tree = Record<string, unknown>;

function pathOf(name: unknown): Path {
  const parents = String(name).split('.');
  return { parents, field: parents.pop() ?? '' };
}

function message(paths: readonly Path[], row: readonly unknown[]): Tree {
  const whole: Tree = {};
  for (let i = 0; i < paths.length; i++) {
    const { parents, field } = paths[i] as Path;
    const isThere = i < row.length && (row[i] !== null || parents.length > 0);
    let at = whole;
    for (const name of isThere ? parents : parents.slice(0, 1)) at = recordIn(at, name);
    if (isThere) put(at, field, row[i]);
  }
  return whole;
}

function recordIn(tree: Tree, name: string): Tree {
  const there = Object.hasOwn(tree, name) ? tree[name] : null;
  return typeof there === 'object' && there !== null ? (there as Tree) : put(tree, name, {});
}

/** Whatever the name, it becomes a field of this object and of no other. */
function put<T>(tree: Tree, name: string, value: T): T {
  if (name === '__proto__') Object.defineProperty(tree, name, { value, configurable: true });
  else tree[name] = value;
  return value;
}
