import { parseSymbol } from '@wagehood/market';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** One file of recorded bars. `symbol` null: the file has a column `symbol`. */
export interface Recording {
  readonly path: string;
  readonly symbol: string | null;
}

const EXTENSIONS = ['.csv', '.ndjson', '.jsonl'];

/**
 * The files that the settings name: a comma-separated list of `path` or `SYMBOL=path`, a path being a file or a folder of
 * files. `symbol` is the symbol of files that are not given one.
 * @throws Error that names the entry that cannot be read.
 */
export async function findRecordings(list: string, symbol: string | null): Promise<readonly Recording[]> {
  const found: Recording[] = [];
  for (const entry of list
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean)) {
    const { path, named } = splitEntry(entry);
    const kind = await stat(path).catch(() => null);
    if (kind === null) throw new Error(`replay: '${path}' does not exist or cannot be read`);
    const paths = kind.isDirectory() ? await filesOf(path) : [path];
    if (paths.length === 0) throw new Error(`replay: folder '${path}' has no ${EXTENSIONS.join(', ')} file`);
    found.push(...paths.map((file) => ({ path: file, symbol: named ?? symbol })));
  }
  if (found.length === 0) throw new Error('replay: no file; set REPLAY_FILES, for example SPX=data/spx.csv');
  return found;
}

/** The symbol that a file name stands for (`spy.csv` → SPY), for files that have neither a column nor a setting. */
export function symbolOfFile(path: string): string | null {
  return parseSymbol(basename(path, extname(path)));
}

function splitEntry(entry: string): { readonly path: string; readonly named: string | null } {
  const equals = entry.indexOf('=');
  const named = equals > 0 ? parseSymbol(entry.slice(0, equals)) : null;
  return named === null ? { path: entry, named: null } : { path: entry.slice(equals + 1), named };
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => EXTENSIONS.includes(extname(name).toLowerCase()))
    .sort()
    .map((name) => join(folder, name));
}
