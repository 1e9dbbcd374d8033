import { parseArgs } from 'node:util';
import { nearest, type Fault } from '@wagehood/config';

interface FlagSpec {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly meaning: string;
}

/** Every flag of the command line; the help text and the parser read this one table. */
export const FLAGS = {
  symbols: { type: 'string', value: 'SPY,QQQ', meaning: 'symbols to watch' },
  'data-provider': { type: 'string', value: 'NAME', meaning: 'mock, replay, or the path of a module' },
  'update-interval': { type: 'string', value: 'SECONDS', meaning: 'seconds between two updates of a symbol' },
  workers: { type: 'string', value: 'N', meaning: 'calculation-worker processes' },
  'config-file': { type: 'string', value: 'FILE', meaning: 'settings file (JSON)' },
  'log-level': { type: 'string', value: 'LEVEL', meaning: 'error, warn, info or debug' },
  'log-file': { type: 'string', value: 'FILE', meaning: 'default: realtime_processor_YYYYMMDD_HHMMSS.log' },
  'data-dir': { type: 'string', value: 'FOLDER', meaning: 'where our own Redis keeps its data; default: .data' },
  'exit-when-done': { type: 'boolean', meaning: 'leave when a replay is finished' },
  'validate-only': { type: 'boolean', meaning: 'check flags, environment and settings file, then leave' },
  'show-config': { type: 'boolean', meaning: 'print the settings that would be used, secrets masked, then leave' },
  help: { type: 'boolean', meaning: 'print this' },
} as const satisfies Record<string, FlagSpec>;

export type FlagName = keyof typeof FLAGS;
export type Flags = {
  readonly [K in FlagName]?: (typeof FLAGS)[K]['type'] extends 'boolean' ? boolean : string;
};

const names = Object.keys(FLAGS) as FlagName[];

/** Reads the command line: the flags, or everything that is wrong with it. */
export function parseFlags(
  argv: readonly string[],
): { readonly ok: true; readonly flags: Flags } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const flags: Record<string, string | boolean> = {};
  const tokens = tokenize(argv);
  for (const token of tokens) {
    if (token.kind === 'positional') faults.push({ path: token.value, message: 'is not a flag' });
    if (token.kind !== 'option') continue;
    const swallowed = token.inlineValue === false && token.value.startsWith('--');
    if (swallowed) tokens.push(...tokenize([token.value]));
    readFlag(token.name === 'h' ? 'help' : token.name, swallowed ? undefined : token.value, flags, faults);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, flags: flags as Flags };
}

function tokenize(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: FLAGS[name].type }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function readFlag(name: string, value: string | undefined, flags: Record<string, string | boolean>, faults: Fault[]) {
  const path = `--${name}`;
  if (!(name in FLAGS)) {
    const meant = nearest(name, names);
    const message = meant === null ? 'is not known' : `is not known; did you mean --${meant}?`;
    faults.push({ path, message, expected: names.map((known) => `--${known}`).join(' ') });
    return;
  }
  const { type } = FLAGS[name as FlagName];
  if (name in flags) faults.push({ path, message: 'is given twice' });
  else if (type === 'string' && !value) faults.push({ path, message: 'needs a value' });
  else if (type === 'boolean' && value !== undefined) faults.push({ path, message: 'takes no value' });
  else flags[name] = value ?? true;
}
