import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { missingColumns, type Row } from './parse-row';

/** A row and where it stands. `fault` instead of a row: that line could not be read as one. */
export interface PlacedRow {
  readonly line: number;
  readonly row: Row | null;
  readonly fault: string | null;
}

const CHUNK = 500;

/** Rows of a CSV (`.csv`) or NDJSON (`.ndjson`, `.jsonl`) file in chunks; a line that does not parse is a fault, never an end. */
export async function* readRows(path: string): AsyncGenerator<readonly PlacedRow[]> {
  let chunk: PlacedRow[] = [];
  for await (const row of isNdjson(path) ? ndjsonRows(path) : csvRows(path)) {
    if (chunk.push(row) < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

const isNdjson = (path: string): boolean => /\.(nd)?jsonl?$/i.test(path);

async function* csvRows(path: string): AsyncGenerator<PlacedRow> {
  const skipped: PlacedRow[] = [];
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedHeader(header, path),
    info: true,
    // Rows of bars need no quoting, and a stray quote must not swallow the rows behind it: quotes are taken off below.
    quote: null,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push({ line: Number(error?.['lines'] ?? 0), row: null, fault: error?.message ?? 'not a CSV row' });
      return undefined;
    },
  });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      yield* skipped.splice(0);
      yield { line: info.lines, row: mapFields(record, unquoted), fault: null };
    }
    yield* skipped.splice(0);
  } finally {
    file.destroy();
  }
}

function checkedHeader(header: readonly string[], path: string): string[] {
  const columns = header.map((name) => unquoted(name).toLowerCase());
  const missing = missingColumns(columns);
  if (missing) throw new Error(`${path}:1: ${missing}`);
  return columns;
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');

function mapFields(record: Readonly<Record<string, string>>, change: (text: string) => string): Row {
  const row: Record<string, string> = {};
  for (const name in record) row[name] = change(record[name] as string);
  return row;
}

async function* ndjsonRows(path: string): AsyncGenerator<PlacedRow> {
  const file = createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input: file, crlfDelay: Infinity })) {
      line += 1;
      if (text.trim() !== '') yield placedJson(text, line);
    }
  } finally {
    file.destroy();
  }
}

function placedJson(text: string, line: number): PlacedRow {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { line, row: null, fault: 'not a JSON object' };
    const row = Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name.toLowerCase(), field as unknown]),
    );
    return { line, row, fault: null };
  } catch {
    return { line, row: null, fault: 'not JSON' };
  }
}
