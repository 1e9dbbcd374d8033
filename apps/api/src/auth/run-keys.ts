import { formatFaults, loadEnv, type EnvSource } from '@wagehood/config';
import { connectRedis, silentLog } from '@wagehood/streams';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { keysEnv } from '../env';
import { createKeyStore } from './key-store';
import { KEYS_USAGE, parseKeysCommand, runKeysCommand, type Terminal } from './keys-command';

const REDIS_PATIENCE_MS = 2_000;

const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};

/** The command `keys …` as a whole. @returns the exit code: 0 done, 1 failed, 2 not understood */
export async function runKeys(words: readonly string[], environment: EnvSource): Promise<number> {
  const command = parseKeysCommand(words);
  if (typeof command === 'string') {
    terminal.err(`${command}\n\n${KEYS_USAGE}`);
    return 2;
  }
  const env = loadEnv(keysEnv, environment, (path) => readFileSync(path, 'utf8'));
  if (!env.ok) {
    terminal.err(formatFaults(env.faults, 'environment'));
    return 1;
  }
  const link = connectRedis(env.value.redis, { name: 'api-keys', log: silentLog });
  try {
    await Promise.race([link.ready(), delay(REDIS_PATIENCE_MS, undefined, { ref: false })]);
    const { ok, error } = link.status();
    if (!ok) throw new Error(error ?? 'Redis does not answer');
    return await runKeysCommand(command, createKeyStore(link.commands), terminal);
  } catch (error) {
    terminal.err(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await link.close();
  }
}
