import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  atRest,
  ended,
  evenSymbols,
  eventsOf,
  moreCommitted,
  openSettings,
  readPartitions,
  signalsOf,
  startSystem,
  verify,
  type System,
} from '@wagehood/fleet';
import { startRedis } from '@wagehood/testing';
import type { ChaosContext, Scenario } from '../scenario';

const SNAPSHOTS = 3;
const WAIT_MS = 300_000;

export const determinism: Scenario = {
  name: 'determinism',
  strikes: null,
  title:
    'copies of the database of three moments go on by themselves: all come to the same values and signals, bit for bit',
  async run(context) {
    const symbols = evenSymbols(4);
    const bars = 2_000;
    const folder = await mkdtemp(join(tmpdir(), 'wagehood-copies-'));
    const original = await startSystem({ settings: openSettings(symbols) });
    try {
      const going = await goOn(original, context, bars);
      for (let n = 0; n < SNAPSHOTS; n++) {
        await moreCommitted(original, (symbols.length * bars) / (2 * SNAPSHOTS), 'strategy', WAIT_MS);
        await original.link.commands.save();
        await copyFile(join(original.redis.dir, 'dump.rdb'), join(folder, `${n}.rdb`));
      }
      const expected = await going.outcome();
      for (let n = 0; n < SNAPSHOTS; n++) {
        const outcome = await outcomeOfCopy(join(folder, `${n}.rdb`), context, bars);
        if (outcome !== expected) throw new Error(`the copy of moment ${n + 1} came to other results`);
        context.say(`copy ${n + 1} of ${SNAPSHOTS}: the same, on Node ${versionOf(context.otherNode)}`);
      }
      const nodes = [...new Set([process.version, versionOf(context.otherNode)])].join(' and ');
      return { 'bars, each four times': symbols.length * bars, Node: nodes, 'results, SHA-256': expected };
    } finally {
      await original.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const versionOf = (node: string | null): string =>
  node === null ? process.version : execFileSync(node, ['--version']).toString().trim();

async function outcomeOfCopy(rdb: string, context: ChaosContext, bars: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'wagehood-copy-'));
  await copyFile(rdb, join(dir, 'dump.rdb'));
  const redis = await startRedis({ dir });
  const servers = {
    environment: () => ({ REDIS_URL: redis.url }),
    settings: { url: redis.url, host: '', port: 0 },
  };
  const { otherNode: node } = context;
  const system = await startSystem({ settings: null, servers, ...(node !== null && { node }) });
  try {
    return await (await goOn(system, context, bars)).outcome();
  } finally {
    await system.stop();
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Feeds a system until each symbol has so many bars; the outcome is what it makes of them. */
async function goOn(system: System, { seed }: ChaosContext, bars: number): Promise<{ outcome(): Promise<string> }> {
  const feed = { MOCK_SEED: String(seed), MOCK_SPEED: '200/s', MOCK_BARS: String(bars), HISTORY_BARS: '0' };
  const ingestion = system.start('ingestion', feed);
  await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
  return {
    async outcome() {
      await ended(system, ingestion, WAIT_MS);
      await atRest(system, WAIT_MS);
      await verify(system);
      return digestOf(system);
    },
  };
}

/** Of all values and signals per symbol, without the times at which they were received and sent. */
async function digestOf(system: System): Promise<string> {
  const bySymbol = new Map<string, string[]>();
  for (const { events, signals } of await readPartitions(system.link, system.partitions)) {
    const all = [
      ...events.filter(({ kind }) => kind === 'bar').flatMap(eventsOf),
      ...signals.filter(({ kind }) => kind === 'signal').flatMap(signalsOf),
    ];
    for (const message of all) {
      const text = JSON.stringify({ ...message, receivedAt: 0, emittedAt: 0 });
      bySymbol.set(message.symbol, [...(bySymbol.get(message.symbol) ?? []), text]);
    }
  }
  const hash = createHash('sha256');
  for (const symbol of [...bySymbol.keys()].sort()) hash.update((bySymbol.get(symbol) ?? []).join('\n'));
  return hash.digest('hex');
}
