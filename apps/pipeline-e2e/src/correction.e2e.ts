import { settingsSchema, type SettingsInput } from '@wagehood/config';
import {
  atRest,
  ended,
  evenSymbols,
  moreCommitted,
  openSettings,
  startSystem,
  storedRows,
  verify,
  verifyHistory,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeRecordings, type Row } from './testing/corrected-recordings';

const [PARTITIONS, BARS, KILLS] = [8, 600, 4];
const SYMBOLS = evenSymbols(1, PARTITIONS);
/** With an average that is longer than the recording, the past of every correction reaches back to the first bar. */
const settings: SettingsInput = {
  ...openSettings(SYMBOLS, { data_provider: 'replay' }, ['1s', '5s']),
  indicators: [...settingsSchema.parse({}).indicators, { name: 'sma_600' }],
};

const numbersOf = ({ timestamp, open, high, low, close, volume }: Row): number[] => [
  timestamp,
  open,
  high,
  low,
  close,
  volume,
];

/** Bars of a symbol in the stored history, without the values of indicators. */
async function storedBars(system: System, symbol: string): Promise<number[][]> {
  const rows = await storedRows(system, `${symbol}|1s`);
  return rows.map((row) => [...row].slice(0, 6));
}

describe('bars are corrected later', () => {
  let system: System;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wagehood-corrections-'));
  });
  afterEach(async () => {
    await system?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`while workers are killed ${KILLS} times: in the end everything is, bit for bit, what the corrected bars make`, async () => {
    const { files, market } = await writeRecordings(folder, SYMBOLS, BARS);
    system = await startSystem({ settings, partitions: PARTITIONS });
    await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
    const ingestion = system.start('ingestion', { REPLAY_FILES: files, REPLAY_SPEED: '50/s' });
    for (let kill = 0; kill < KILLS; kill++) {
      await moreCommitted(system, 1_500);
      const stage = kill % 2 ? 'strategy-evaluator' : 'calculation-worker';
      await system.running(stage)[0]?.kill();
      system.start(stage);
    }
    await ended(system, ingestion);
    // Each fetches its past first, and again if the log has gone on meanwhile; a stop waits half a second for them, not longer.
    const corrected = async (): Promise<boolean> => {
      for (const [symbol, bars] of market)
        if (!isDeepStrictEqual(await storedBars(system, symbol), bars.map(numbersOf))) return false;
      return true;
    };
    await until(corrected, { timeoutMs: 30_000, everyMs: 250, what: 'every bar of history as it was corrected last' });
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);

    const verified = await verify(system);
    expect(verified).toMatchObject({ bars: SYMBOLS.length * BARS, refused: 0 });
    expect(verified.corrections).toBeGreaterThan(SYMBOLS.length); // those of one series that wait together go together
    for (const stage of ['calculation', 'strategy'] as const)
      expect(await system.reader.deadLetterCount(stage)).toBe(0);
    for (const [symbol, bars] of market) {
      expect(await storedBars(system, symbol)).toEqual(bars.map(numbersOf));
      expect(await verifyHistory(system, `${symbol}|1s`, settings, false)).toBe(BARS);
    }
  });
});
