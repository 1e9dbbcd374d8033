import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendRaw,
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  verify,
} from '@wagehood/fleet';
import type { BarEvent } from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import type { Scenario } from '../scenario';

const KILLING_VOLUME = 666.125;
const START = Date.UTC(2026, 0, 5);
const WAIT = { timeoutMs: 180_000, everyMs: 50 };

/** A defect as an indicator may have it: at one bar it takes memory until there is none. */
const DEFECT = `
const isFinite = Number.isFinite;
Number.isFinite = (value) => {
  if (value === ${KILLING_VOLUME}) for (const hoard = []; ; ) hoard.push(new Array(100_000).fill(value));
  return isFinite(value);
};`;

export const poisonOom: Scenario = {
  name: 'poison-oom',
  strikes: null,
  title:
    'a bar that makes its worker run out of memory, in the middle of a batch: found, put aside, and all others computed',
  async run({ seed }) {
    const folder = await mkdtemp(join(tmpdir(), 'wagehood-defect-'));
    await writeFile(join(folder, 'defect.cjs'), DEFECT);
    const environment = { NODE_OPTIONS: `--require ${join(folder, 'defect.cjs')} --max-old-space-size=96` };
    const watched = evenSymbols(1);
    const symbol = evenSymbols(2).find((name) => !watched.includes(name)) ?? '';
    const system = await startSystem({ settings: openSettings(watched) });
    let deaths = 0;
    let ending = false;
    /** What an orchestrator does. */
    const keepAlive = (): void => {
      void system.start('calculation-worker', environment).exit.then(() => {
        if (ending) return;
        deaths++;
        keepAlive();
      });
    };
    try {
      const ingestion = system.start('ingestion', { MOCK_SEED: String(seed), MOCK_SPEED: '20/s', HISTORY_BARS: '60' });
      keepAlive();
      keepAlive();
      await system.up('strategy-evaluator');
      await inMidStream(system, ingestion);
      const bars = Array.from({ length: 7 }, (_, i) => bar(symbol, i, i === 3 ? KILLING_VOLUME : 1_000));
      const places = bars.map(({ timestamp: time }, i) => ({
        series: `${symbol}|1s`,
        previous: i === 0 ? null : time - 1_000,
        time,
      }));
      await appendRaw(system, { symbol, kind: 'bar', data: JSON.stringify(bars), bars: bars.length, places });
      const found = async () => (await system.reader.deadLetterCount('calculation')) > 0;
      await until(found, { ...WAIT, what: 'a dead letter' });
      await moreCommitted(system, 1_000, 'strategy', WAIT.timeoutMs);
      ending = true;
      await ingestion.terminate();
      await atRest(system, WAIT.timeoutMs);
      const letters = await system.reader.deadLetterCount('calculation');
      if (letters !== 1) throw new Error(`${letters} dead letters, expected the one bar`);
      const verified = await verify(system, { refuses: ({ volume }) => volume === KILLING_VOLUME });
      return { 'workers that died of it': deaths, 'dead letters': letters, bars: verified.bars };
    } finally {
      ending = true;
      await system.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const bar = (symbol: string, i: number, volume: number): BarEvent => ({
  ...{ symbol, timeframe: '1s', timestamp: START + i * 1_000, volume },
  ...{ open: 100 + i, high: 101 + i, low: 99 + i, close: 100 + i, price: 100 + i, source: 'chaos', isFinal: true },
});
