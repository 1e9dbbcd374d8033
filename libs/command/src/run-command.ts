import { readFileSync } from 'node:fs';
import { formatFaults, loadEnv, type EnvSchema, type EnvSource } from '@wagehood/config';
import type { Terminal } from './terminal';

/** What a person types, from its words to the lines of its answer. */
export interface CommandDefinition<C> {
  /** As it is called: `npm run NAME -- …`. */
  readonly name: string;
  readonly usage: string;
  /** @throws Error with one readable line */
  parse(words: readonly string[]): C | 'help';
  /** @throws Error with one readable line */
  run(command: C, environment: EnvSource): Promise<readonly string[]>;
}

/** The whole command. @returns the exit code: 0 done, 1 failed, 2 not understood */
export async function runCommand<C>(
  { name, usage, parse, run }: CommandDefinition<C>,
  words: readonly string[],
  environment: EnvSource,
  terminal: Terminal,
): Promise<number> {
  let command: C | 'help';
  try {
    command = parse(words);
  } catch (error) {
    terminal.err(`${messageOf(error)}; npm run ${name} -- --help says more`);
    return 2;
  }
  try {
    for (const line of command === 'help' ? [usage] : await run(command, environment)) terminal.out(line);
    return 0;
  } catch (error) {
    terminal.err(messageOf(error));
    return 1;
  }
}

/** What the command reads besides its words. @throws Error that names everything that is wrong */
export function readEnvironment<T extends object>(schema: EnvSchema<T>, environment: EnvSource): T {
  const env = loadEnv(schema, environment, (path) => readFileSync(path, 'utf8'));
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  return env.value;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
