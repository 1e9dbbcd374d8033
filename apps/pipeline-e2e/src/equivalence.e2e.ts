import {
  atRest,
  barsOf,
  ended,
  openSettings,
  readPartitions,
  signalsOf,
  startSystem,
  verify,
  type PartitionLog,
  type System,
} from '@wagehood/fleet';
import type { Signal } from '@wagehood/contracts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const recording = join(__dirname, '../../../node_modules/vega-datasets/data/sp500-2000.csv');
const golden = join(__dirname, 'golden/spx-signals.json');

/** The recording, read without any code of the pipeline. */
function recordedBars(): unknown[] {
  const [header = '', ...lines] = readFileSync(recording, 'utf8').trim().split('\n');
  expect(header.trim()).toBe('date,open,high,low,close,adjclose,volume');
  return lines.map((line) => {
    const [date = '', open, high, low, close, , volume] = line.trim().split(',');
    const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) };
    return { timestamp: Date.parse(`${date}T00:00:00Z`), ...prices, volume: Number(volume) };
  });
}

const inGolden = ({ id, barOpenTime, strategy, side }: Signal) => ({
  id,
  date: new Date(barOpenTime).toISOString().slice(0, 10),
  strategy,
  side,
});

describe('the pipeline over 5 105 real bars of the S&P 500', () => {
  let system: System;
  let logs: PartitionLog[];

  beforeAll(async () => {
    system = await startSystem({ settings: openSettings(['SPX'], { data_provider: 'replay' }) });
    const ingestion = system.start('ingestion', { REPLAY_FILES: `SPX=${recording}`, REPLAY_SPEED: 'max' });
    await system.up('calculation-worker', 'strategy-evaluator');
    await ended(system, ingestion);
    await atRest(system);
    logs = await readPartitions(system.link, system.partitions);
  });

  afterAll(() => system?.stop());

  it('takes in every bar of the recording, as it is', () => {
    const bars = logs.flatMap(({ input }) => input.filter(({ kind }) => kind === 'bar').flatMap(barsOf));
    const plain = bars.map(({ timestamp, open, high, low, close, volume }) => ({
      timestamp,
      open,
      high,
      low,
      close,
      volume,
    }));
    expect(bars).toHaveLength(5_105);
    expect(plain).toEqual(recordedBars());
  });

  it('says bit for bit what the engines say in this process: all values, all signals, all of history', async () => {
    const { bars, events, signals, refused } = await verify(system);
    expect({ bars, events, refused }).toEqual({ bars: 5_105, events: 5_105, refused: 0 });
    expect(signals).toBeGreaterThan(50);
  });

  it('finds the signals that the golden file holds', () => {
    const found = logs
      .flatMap(({ signals }) => signals.filter(({ kind }) => kind === 'signal').flatMap(signalsOf))
      .map(inGolden);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });
});
