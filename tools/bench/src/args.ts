import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface BenchFlags {
  /** Everything within a minute: fewer rounds, shorter windows. */
  readonly quick: boolean;
  /** File for the rows, as JSON. */
  readonly json: string | null;
  /** Names of suites; empty = all. */
  readonly only: readonly string[];
  /** Folder for CPU profiles of the services. */
  readonly profile: string | null;
}

export const USAGE = `npm run bench -- [--quick] [--json FILE] [--only SUITE]… [--profile FOLDER]
  --quick           everything within a minute
  --json FILE       writes rows {name, value, unit, baseline?, ratio?} beside the table
  --only SUITE      indicators, pipeline, live or scale; may be repeated
  --profile FOLDER  V8 CPU profiles of our services under full load`;

/** @throws Error with one readable line on a flag or suite that is not known */
export function readFlags(words: readonly string[], suites: readonly string[]): BenchFlags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const only = values.only.flatMap((text) => text.split(',')).filter((name) => name !== '');
  const unknown = only.filter((name) => !suites.includes(name));
  if (unknown.length > 0)
    throw new Error(`--only ${unknown.join(',')}: there is no such suite; there are ${suites.join(', ')}`);
  return { quick: values.quick, json: values.json ?? null, only, profile: values.profile ?? null };
}
