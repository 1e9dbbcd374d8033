import { Witness } from '@wagehood/fleet';
import { connectRedis, createReader, silentLog } from '@wagehood/streams';
import type { Cluster } from './cluster';
import { travel, type Outcome } from './journey';
import { patiently } from './patiently';

const REDIS_PATIENCE_MS = 60_000;

export interface RunOptions {
  readonly cluster: Cluster;
  readonly partitions: number;
  readonly symbols: number;
  readonly report: (line: string) => void;
}

/** Installs, travels, and says what was seen. @throws Error with the first thing that is wrong */
export async function run({ cluster, partitions, symbols, report }: RunOptions): Promise<Outcome> {
  report('install');
  await cluster.install();
  const connection = connectRedis(
    { url: cluster.redisUrl, host: '', port: 0 },
    { name: 'cluster-e2e', log: silentLog },
  );
  // One that waits for an answer however long it takes: the way to Redis is a forwarded port, which breaks now and then.
  const link = { ...connection, commands: connection.duplicate('blocking') };
  try {
    await patiently(
      `Redis at ${cluster.redisUrl}`,
      async () => {
        const { ok, error } = connection.status();
        if (!ok) throw new Error(error ?? 'no answer');
        return true;
      },
      REDIS_PATIENCE_MS,
    );
    const reader = createReader(link, partitions);
    const witness = new Witness({ link, reader, partitions });
    const names = Array.from({ length: symbols }, (_, index) => `E2E${index}`);
    return await travel({ cluster, reader, witness, partitions, symbols: names, report });
  } finally {
    link.commands.disconnect();
    await connection.close();
  }
}
