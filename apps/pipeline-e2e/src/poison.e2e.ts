import {
  appendRaw,
  atRest,
  evenSymbols,
  moreCommitted,
  openSettings,
  PARTITIONS,
  startSystem,
  verify,
  type Place,
  type System,
} from '@wagehood/fleet';
import type { BarEvent, DeadLetter } from '@wagehood/contracts';
import { partitionOf } from '@wagehood/streams';
import { until } from '@wagehood/testing';

const SYMBOLS = ['SPY', 'QQQ', 'IWM'];
const START = Date.UTC(2026, 0, 5);

/** A symbol of nobody's watchlist in the partition of SPY: its bars come from this test alone. */
const NEIGHBOUR = evenSymbols(1).find((name) => partitionOf(name, PARTITIONS) === partitionOf('SPY', PARTITIONS)) ?? '';

const goodBar = (symbol: string, i: number): BarEvent => ({
  ...{ symbol, timeframe: '1s', timestamp: START + i * 1_000 },
  ...{ open: 100 + i, high: 101 + i, low: 99 + i, close: 100 + i, price: 100 + i, volume: 1_000 },
  ...{ source: 'e2e', isFinal: true },
});

/** The place of each bar in its series, dense from the first. */
const places = (symbol: string, bars: readonly { timestamp: number }[]): Place[] =>
  bars.map(({ timestamp: time }) => ({
    series: `${symbol}|1s`,
    previous: time === START ? null : time - 1_000,
    time,
  }));

describe('poison in the log', () => {
  let system: System;
  const symbol = NEIGHBOUR;
  const letters = async (): Promise<DeadLetter[]> =>
    (await system.reader.deadLetters('calculation', 100)).map(({ json }) => JSON.parse(json) as DeadLetter);

  beforeAll(async () => {
    system = await startSystem({ settings: openSettings(SYMBOLS) });
    system.start('ingestion', { MOCK_SPEED: '50/s', HISTORY_BARS: '100' });
    await system.up('calculation-worker', 'strategy-evaluator');
    await moreCommitted(system, 50);
  });

  afterAll(() => system?.stop());

  it('a bar that is none, in the middle of a good batch: it alone becomes a dead letter', async () => {
    const bars = [0, 1, 2, 3, 4, 5, 6].map((i) => goodBar(symbol, i));
    const faulty = [
      bars[0],
      { ...bars[1], close: null }, // what JSON makes of NaN
      bars[2],
      { ...bars[3], low: -1 },
      { ...bars[4], high: 1 },
      { ...bars[5], timestamp: START + 5_500 },
      bars[6],
    ];
    const data = JSON.stringify(faulty);
    await appendRaw(system, { symbol, kind: 'bar', data, bars: 7, places: places(symbol, bars) });
    await until(async () => (await letters()).length === 4, { what: 'four dead letters' });
    expect(await letters()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ symbol, timeframe: '1s', payload: JSON.stringify(faulty[1]) }),
      ]),
    );
    const series = `${symbol}|1s`;
    const latest = await until(async () => (await system.reader.latest([series])).get(series), {
      what: 'a latest value',
    });
    expect(JSON.parse(latest)).toMatchObject({ timestamp: START + 6_000, close: 106 });
  });

  it.each([
    ['text that is no JSON', 'bar', '[{"symbol":"SPY","timef'],
    ['NaN as a producer in another language writes it', 'bar', '[{"symbol":"SPY","close":NaN}]'],
    ['JSON that is no array', 'bar', '{"symbol":"SPY"}'],
    ['an array of nothing', 'bar', '[null,1,"x",{}]'],
    ['a configuration that is none', 'control', '{"version":"new"}'],
    ['an entry of a kind that nobody knows', 'surprise', '[]'],
  ])('%s: goes to the dead letters, everything else flows on', async (_name, kind, data) => {
    const before = (await letters()).length;
    await appendRaw(system, { symbol, kind, data, bars: 1 });
    await until(async () => (await letters()).length > before, { what: 'a dead letter' });
    await moreCommitted(system, 50, 'strategy');
  });

  it('leaves both stages running, and the rest of the log as the engines would have it', async () => {
    const bars = [7, 8, 9].map((i) => goodBar(symbol, i));
    await appendRaw(system, { symbol, kind: 'bar', data: JSON.stringify(bars), bars: 3, places: places(symbol, bars) });
    const [ingestion] = system.running('ingestion');
    expect(await ingestion?.terminate()).toMatchObject({ code: 0 });
    await atRest(system);
    const { series } = await verify(system, { scarred: [`${symbol}|1s`] });
    expect([...series.keys()].sort()).toEqual([...SYMBOLS, symbol].map((name) => `${name}|1s`).sort());
    for (const name of ['calculation-worker', 'strategy-evaluator'] as const) {
      expect((await system.running(name)[0]?.probe('/readyz'))?.status).toBe(200);
    }
  });
});
