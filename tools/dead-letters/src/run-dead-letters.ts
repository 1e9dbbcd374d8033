import { formatFaults, loadEnv, type EnvSource } from '@wagehood/config';
import { alertsResponse, deadLetterResponse, deadLettersResponse, resendResponse } from '@wagehood/contracts';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { askApi, type ApiAccess } from './ask-api';
import { parseCommand, USAGE, type AlertChoice, type Command, type Filters } from './command';
import { deadLettersEnv } from './env';
import { alertLines, letterLines, letterPage } from './tables';

export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** The whole command. @returns the exit code: 0 done, 1 failed, 2 not understood */
export async function runDeadLetters(
  words: readonly string[],
  environment: EnvSource,
  terminal: Terminal,
): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(words);
  } catch (error) {
    terminal.err(`${messageOf(error)}; npm run dead-letters -- --help says more`);
    return 2;
  }
  try {
    for (const line of await run(command, environment)) terminal.out(line);
    return 0;
  } catch (error) {
    terminal.err(messageOf(error));
    return 1;
  }
}

async function run(command: Command, environment: EnvSource): Promise<readonly string[]> {
  if (command.verb === 'help') return [USAGE];
  const env = loadEnv(deadLettersEnv, environment, (path) => readFileSync(path, 'utf8'));
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  const access = { base: command.api, key: env.value.api.key };
  const answer = await answerTo(command, access);
  return command.json ? [JSON.stringify(answer.value, null, 2)] : answer.lines;
}

interface Answer {
  readonly value: unknown;
  readonly lines: readonly string[];
}

async function answerTo(command: Exclude<Command, { verb: 'help' }>, access: ApiAccess): Promise<Answer> {
  switch (command.verb) {
    case 'list': {
      const value = checked(
        deadLettersResponse,
        await askApi(access, `/monitor/dead-letters${queryOf(command.filters)}`),
      );
      return { value, lines: letterLines(value.deadLetters, value.kept) };
    }
    case 'show': {
      const path = `/monitor/dead-letters/${encodeURIComponent(command.id)}`;
      const value = checked(deadLetterResponse, await askApi(access, path));
      return { value, lines: letterPage(value) };
    }
    case 'alerts': {
      const value = checked(alertsResponse, await askApi(access, `/monitor/alerts?${alertQuery(command.choice)}`));
      const more = value.nextCursor === null ? [] : ['… and more; --rule and --channel narrow it down'];
      return { value, lines: [...alertLines(value.alerts), ...more] };
    }
    case 'resend': {
      const { ids, ...where } = command.choice;
      const body = ids.length > 0 ? { ids, ...where } : where;
      const value = checked(resendResponse, await askApi(access, '/monitor/alerts/resend', body));
      const asked = value.requested.length;
      if (asked === 0) throw new Error('none of the alerts that could not be delivered is meant by that');
      return { value, lines: [`${asked} alerts are delivered again; alerts shows what remains`] };
    }
  }
}

function queryOf({ stage, symbol, limit }: Filters): string {
  const entries = Object.entries({ stage, symbols: symbol, limit }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(entries as [string, string][]).toString();
  return query === '' ? '' : `?${query}`;
}

function alertQuery({ rule, channel }: AlertChoice): string {
  return new URLSearchParams({
    status: 'failed',
    limit: '1000',
    ...(rule !== undefined && { rule }),
    ...(channel !== undefined && { channel }),
  }).toString();
}

function checked<S extends z.ZodType>(schema: S, content: unknown): z.output<S> {
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new Error('this is no answer of ours; is another server there?');
  return parsed.data;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
