/**
 * A batch of like messages as a table: the names of the fields once, in the first row, then a row of values for each message. A
 * name with dots is a path (`values.macd.signal_line`). A row may end early: what it does not reach is absent, but for the
 * outermost record on the way to it: it is empty. null is absent too, unless it lies in a record.
 *
 * In place of a name may stand
 * - a field with what it is where a row does not say, `{"source":"mock"}`: a text, a number, true or false;
 * - the same with the field whose value it then has, one that stands before it: `{"price":{"sameAs":"close"}}`;
 * - a record of packed numbers, `{"values":["sma_50","macd.signal_line"]}`: its cell is one text, the base64 of as many little-endian
 *   float64; NaN is null. A cell that holds anything else stays what it is, for the message's schema to refuse. Where rows have no such cell,
 *   their numbers stand in one text behind the last row, row by row; one that is not as long as they need is put into each of them, as a list of one.
 */
export function fromTable(batch: readonly unknown[]): readonly unknown[] {
  const [head, ...rows] = batch;
  if (!Array.isArray(head)) return batch;
  const columns = head.map(columnOf);
  const { length } = columns.find((column) => 'record' in column)?.paths ?? [];
  const packed = length > 0 && typeof rows.at(-1) === 'string' ? (rows.pop() as string) : null;
  const numbers = packed === null ? null : numbersOf(packed, rows.length, length);
  return rows.map((row, i) => (Array.isArray(row) ? message(columns, row, numbers?.(i)) : row));
}

/** The bytes of the numbers of a row, `width` of them; the text, in a list, when it is not one of so many rows. */
function numbersOf(packed: string, rows: number, width: number): (row: number) => Buffer | readonly string[] {
  const bytes = Buffer.from(packed, 'base64');
  const size = 8 * width;
  return (row) => (bytes.length === rows * size ? bytes.subarray(row * size, (row + 1) * size) : [packed]);
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

/** A field and what it is where a row does not say, given what stands before it. */
interface Usual {
  readonly name: string;
  readonly usual: (before: Tree) => unknown;
}

/** What a cell fills: one field, or the fields of a record. */
type Column = Path | Usual | { readonly record: string; readonly paths: readonly Path[] };

type Tree = Record<string, unknown>;

function columnOf(name: unknown): Column {
  if (typeof name !== 'object' || name === null) return pathOf(name);
  const [field = '', what] = (Object.entries(name) as [string, unknown][])[0] ?? [];
  if (['string', 'number', 'boolean'].includes(typeof what)) return { name: field, usual: () => what };
  const sameAs = (what as { sameAs?: unknown } | null | undefined)?.sameAs;
  if (typeof sameAs === 'string')
    return { name: field, usual: (row) => (Object.hasOwn(row, sameAs) ? row[sameAs] : null) };
  return { record: field, paths: Array.isArray(what) ? what.map(pathOf) : [] };
}

function pathOf(name: unknown): Path {
  const parents = String(name).split('.');
  return { parents, field: parents.pop() ?? '' };
}

function message(columns: readonly Column[], row: readonly unknown[], numbers?: Buffer | readonly string[]): Tree {
  const whole: Tree = {};
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as Column;
    if ('record' in column) unpack(whole, column, row[i] ?? numbers);
    else if ('usual' in column) put(whole, column.name, row[i] ?? column.usual(whole));
    else if (i < row.length && (row[i] !== null || column.parents.length > 0)) set(whole, column, row[i]);
    else for (const name of column.parents.slice(0, 1)) recordIn(whole, name);
  }
  return whole;
}

function unpack(whole: Tree, { record, paths }: Extract<Column, { record: string }>, packed: unknown): void {
  const into = recordIn(whole, record);
  if (packed === undefined || packed === null) return;
  const bytes = Buffer.isBuffer(packed) ? packed : Buffer.from(typeof packed === 'string' ? packed : '', 'base64');
  const isPacked = typeof packed === 'string' || packed === bytes;
  if (!isPacked || bytes.length !== 8 * paths.length) return void put(whole, record, packed);
  paths.forEach((path, i) => {
    const number = bytes.readDoubleLE(8 * i);
    set(into, path, Number.isFinite(number) ? number : null);
  });
}

function set(tree: Tree, { parents, field }: Path, value: unknown): void {
  let at = tree;
  for (const name of parents) at = recordIn(at, name);
  put(at, field, value);
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
