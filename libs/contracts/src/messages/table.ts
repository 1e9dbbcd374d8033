/**
 * A batch of like messages as a table: the names of the fields once, in the first row, then a row of values for each message. A
 * name with dots is a path (`values.macd.signal_line`). A row may end early: what it does not reach is absent, but for the
 * outermost record on the way to it: it is empty. null is absent too, unless it lies in a record.
 *
 * In place of a name may stand
 * - a field with what it is where a row does not say, `{"source":"mock"}`: a text, a number, true or false;
 * - the same with the field whose value it then has: `{"price":{"sameAs":"close"}}`;
 * - the same with what it was in the row before: `{"symbol":{"repeats":true}}`;
 * - names of packed numbers, `["open","close"]`, or a record of them, `{"values":["sma_50","macd.signal_line"]}`: the cell is one text, the base64 of
 *   as many little-endian float64; NaN is null. A cell that holds anything else stays what it is, for the message's schema to refuse. Where rows
 *   have no such cells, the numbers of all of them stand in one text behind the last row, row by row; one that is not as long as they need is put
 *   into each of them, as a list of one.
 */
export function fromTable(batch: readonly unknown[]): readonly unknown[] {
  const [head, ...rows] = batch;
  if (!Array.isArray(head)) return batch;
  const columns = columnsOf(head);
  const width = columns.reduce((sum, column) => sum + ('paths' in column ? column.paths.length : 0), 0);
  const packed = width > 0 && typeof rows.at(-1) === 'string' ? (rows.pop() as string) : null;
  const numbers = packed === null ? null : numbersOf(packed, rows.length, width);
  let before: Tree = {};
  return rows.map((row, i) => (Array.isArray(row) ? (before = message(columns, row, before, numbers?.(i))) : row));
}

/** The bytes of the numbers of a row, `width` of them; the text, in a list, when it is not one of so many rows. */
function numbersOf(packed: string, rows: number, width: number): (row: number) => Buffer | readonly string[] {
  const bytes = Buffer.from(packed, 'base64');
  const size = NUMBER_BYTES * width;
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

const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

interface Path {
  readonly parents: readonly string[];
  readonly field: string;
}

/** A field and what it is where a row does not say, given the rest of its message and the message before. */
interface Usual {
  readonly name: string;
  readonly usual: (whole: Tree, before: Tree) => unknown;
}

/** Numbers of the message, or of a record in it; `at` is the place of the first among all that are packed behind the rows. */
interface Packed {
  readonly record: string | null;
  readonly paths: readonly Path[];
  readonly at: number;
}

/** What a cell fills. */
type Column = Path | Usual | Packed;

type Tree = Record<string, unknown>;

function columnsOf(head: readonly unknown[]): Column[] {
  let at = 0;
  return head.map((name) => {
    const column = columnOf(name, at);
    if ('paths' in column) at += column.paths.length;
    return column;
  });
}

function columnOf(name: unknown, at: number): Column {
  if (Array.isArray(name)) return { record: null, paths: name.map(pathOf), at };
  if (typeof name !== 'object' || name === null) return pathOf(name);
  const [field = '', what] = (Object.entries(name) as [string, unknown][])[0] ?? [];
  if (['string', 'number', 'boolean'].includes(typeof what)) return { name: field, usual: () => what };
  const { sameAs, repeats } = (what ?? {}) as { sameAs?: unknown; repeats?: unknown };
  if (typeof sameAs === 'string') return { name: field, usual: (whole) => fieldOf(whole, sameAs) };
  if (repeats === true) return { name: field, usual: (_whole, before) => fieldOf(before, field) };
  return { record: field, paths: Array.isArray(what) ? what.map(pathOf) : [], at };
}

const fieldOf = (tree: Tree, name: string): unknown => (Object.hasOwn(tree, name) ? tree[name] : null);

function pathOf(name: unknown): Path {
  const parents = String(name).split('.');
  return { parents, field: parents.pop() ?? '' };
}

function message(
  columns: readonly Column[],
  row: readonly unknown[],
  before: Tree,
  numbers?: Buffer | readonly string[],
): Tree {
  const whole: Tree = {};
  columns.forEach((column, i) => {
    if ('usual' in column) return;
    if ('paths' in column) unpack(whole, column, row[i] ?? numbersAt(numbers, column));
    else if (i < row.length && (row[i] !== null || column.parents.length > 0)) set(whole, column, row[i]);
    else for (const name of column.parents.slice(0, 1)) recordIn(whole, name);
  });
  columns.forEach((column, i) => {
    if ('usual' in column) put(whole, column.name, row[i] ?? column.usual(whole, before));
  });
  return whole;
}

const numbersAt = (numbers: Buffer | readonly string[] | undefined, { at, paths }: Packed): unknown =>
  Buffer.isBuffer(numbers) ? numbers.subarray(NUMBER_BYTES * at, NUMBER_BYTES * (at + paths.length)) : numbers;

function unpack(whole: Tree, { record, paths }: Packed, packed: unknown): void {
  const into = record === null ? whole : recordIn(whole, record);
  if (packed === undefined || packed === null) return;
  const bytes = Buffer.isBuffer(packed) ? packed : Buffer.from(typeof packed === 'string' ? packed : '', 'base64');
  const isPacked = typeof packed === 'string' || packed === bytes;
  if (!isPacked || bytes.length !== NUMBER_BYTES * paths.length) return refuse(whole, record, paths, packed);
  paths.forEach((path, i) => {
    const number = bytes.readDoubleLE(NUMBER_BYTES * i);
    set(into, path, Number.isFinite(number) ? number : null);
  });
}

/** What should be packed numbers and is not: the message's schema says so. */
function refuse(whole: Tree, record: string | null, [first]: readonly Path[], packed: unknown): void {
  if (record !== null) put(whole, record, packed);
  else if (first) set(whole, first, packed);
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
