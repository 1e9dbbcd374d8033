import { readBatch } from '@wagehood/contracts';
import { until } from '@wagehood/testing';
import { lastKey, streamKey } from '../layout/keys';
import { partitionOf } from '../layout/partition';
import { parseEntry } from '../stage/log-entry';
import { numberedBars } from '../testing/bars';
import { Fixture } from '../testing/fixture';
import { dumpAll, restoreAll } from '../testing/repartition/contents';
import type { Producer } from './producer';

const PARTITIONS = 4;
const SYMBOLS = Array.from({ length: 20 }, (_, i) => `S${i}`);
const QUIET = 'S0';
/** Another series of the same log. */
const LIVELY = SYMBOLS.find((symbol) => symbol !== QUIET && partitionOf(symbol, 4) === partitionOf(QUIET, 4)) ?? '';

describe('a failover that takes the last bars of a series which then falls silent', () => {
  let fixture: Fixture;
  let producer: Producer;
  let repaired: [series: string, resent: number][];
  beforeEach(async () => {
    fixture = await Fixture.open();
    repaired = [];
    const hooks = { onRepaired: (_: number, series: string, resent: number) => void repaired.push([series, resent]) };
    producer = await fixture.producer({ hooks, tuning: { auditEveryMs: 100 } });
  });
  afterEach(async () => {
    await producer.stop();
    await fixture.close();
  });

  const tagOf = (symbol: string) => fixture.tags[partitionOf(symbol, PARTITIONS)] as string;
  const lastOf = async (symbol: string) =>
    Number(await fixture.link().commands.hget(lastKey(tagOf(symbol)), `${symbol}|1s`));
  /** Times in seconds, in the order of the log. */
  const timesOf = async (symbol: string): Promise<number[]> => {
    const entries = await fixture.link().commands.xrange(streamKey('market_data_stream', tagOf(symbol)), '-', '+');
    const bars = entries
      .map(parseEntry)
      .flatMap(({ kind, data }) => (kind === 'bar' ? readBatch(data) : []) as { symbol: string; timestamp: number }[]);
    return bars.filter((bar) => bar.symbol === symbol).map(({ timestamp }) => timestamp / 1_000);
  };
  const send = async (symbols: readonly string[], from: number, to: number) => {
    await producer.offer(numberedBars([...symbols], from, to));
    await producer.flush();
  };
  const oneTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  it('is noticed without a next bar, and the bars are sent again', async () => {
    await send(SYMBOLS, 1, 10);
    const past = await dumpAll(fixture.link().commands);
    await send(SYMBOLS, 11, 12);
    await restoreAll(fixture.link().commands, past);
    await until(async () => (await lastOf(QUIET)) === 12_000, { timeoutMs: 10_000, what: 'the lost bars in the log' });
    await until(() => repaired.length === SYMBOLS.length, { timeoutMs: 10_000, what: 'all series repaired' });
    for (const symbol of SYMBOLS) expect(await timesOf(symbol)).toEqual(oneTo(12));
    expect(new Set(repaired.map(([, resent]) => resent))).toEqual(new Set([2]));
  });

  it('is noticed although other series have filled its place in the log meanwhile', async () => {
    await send(SYMBOLS, 1, 10);
    const past = await dumpAll(fixture.link().commands);
    await send([QUIET], 11, 12);
    await restoreAll(fixture.link().commands, past);
    for (let n = 11; n <= 20; n++) await send([LIVELY], n, n);
    await until(async () => (await lastOf(QUIET)) === 12_000, { timeoutMs: 10_000, what: 'the lost bars in the log' });
    expect(await timesOf(QUIET)).toEqual(oneTo(12));
    expect(await timesOf(LIVELY)).toEqual(oneTo(20));
    expect(repaired).toEqual([[`${QUIET}|1s`, 2]]);
  });

  it('comes from history when it is older than what is remembered; what is nowhere is no reason to ask again and again', async () => {
    const asked: string[] = [];
    const other = await fixture.producer({
      id: 'other',
      tuning: { auditEveryMs: 50, ringMs: 0, ringBars: 0 },
      hooks: { onRepaired: (_, series, resent) => void repaired.push([series, resent]) },
      refetch: async (series, from, to) => {
        asked.push(series);
        const bars = numberedBars([QUIET], 1, 12);
        return series === `${QUIET}|1s` ? bars.filter(({ timestamp }) => timestamp > from && timestamp < to) : [];
      },
    });
    await producer.stop();
    await until(() => SYMBOLS.every((symbol) => other.owns(symbol)), { what: 'all symbols with the other' });
    await other.offer(numberedBars(SYMBOLS, 1, 10));
    await other.flush();
    const past = await dumpAll(fixture.link().commands);
    await other.offer(numberedBars([QUIET, LIVELY], 11, 12));
    await other.flush();
    await restoreAll(fixture.link().commands, past);
    await until(async () => (await lastOf(QUIET)) === 12_000, { timeoutMs: 10_000, what: 'the lost bars in the log' });
    await until(() => asked.length === 2, { what: 'both series asked for' });
    // Audits go on, and the next one that finds anything is the one after the next loss.
    await other.offer(numberedBars([LIVELY], 13, 13));
    await other.flush();
    expect(await timesOf(QUIET)).toEqual(oneTo(12));
    expect(asked.filter((series) => series === `${QUIET}|1s`)).toHaveLength(1);
    await other.stop();
  });
});
