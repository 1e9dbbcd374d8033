import { formatFaults, loadEnv, type EnvSource } from '@wagehood/config';
import { connectCluster } from '@wagehood/inventory';
import { readFileSync } from 'node:fs';
import { parseCommand, USAGE, type Command, type Target } from './command';
import { fleetEnv } from './env';
import { describeTarget } from '@wagehood/streams';
import { askApi, askRedis } from './members';
import { scale } from './scale';
import { status } from './status';

export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** A person waits. */
const SILENCE_MS = 10_000;

/** The whole command. @returns the exit code: 0 done, 1 failed, 2 not understood */
export async function runFleet(words: readonly string[], environment: EnvSource, terminal: Terminal): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(words);
  } catch (error) {
    terminal.err(`${messageOf(error)}; npm run fleet -- --help says more`);
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
  const connect = connectionTo(command.target);
  if (command.verb === 'scale') return [await scale(connect, command.service, command.replicas)];
  const env = loadEnv(fleetEnv, environment, (path) => readFileSync(path, 'utf8'));
  if (!env.ok) throw new Error(formatFaults(env.faults, 'environment'));
  const { redis, api } = env.value;
  const { api: base } = command;
  if (base !== null) return status({ connect, members: () => askApi(base, api.key), source: `the api at ${base}` });
  return status({ connect, members: () => askRedis(redis), source: `Redis at ${describeTarget(redis)}` });
}

const connectionTo =
  ({ kubeconfig, context, namespace }: Target) =>
  () =>
    connectCluster(
      {
        type: 'kubeconfig',
        ...(kubeconfig === undefined ? {} : { file: kubeconfig }),
        ...(context === undefined ? {} : { context }),
        ...(namespace === undefined ? {} : { namespace }),
      },
      { silenceMs: SILENCE_MS },
    );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
