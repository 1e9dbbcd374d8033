import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@wagehood/testing';
import { stageKey, streamKey, tokensKey } from '../layout/keys';
import { partitionOf } from '../layout/partition';
import { createStandAside } from '../membership/stand-aside';
import type { Producer } from '../producer/producer';
import type { RedisLink } from '../redis/connect';
import { numberedBars } from '../testing/bars';
import { countingProcessor } from '../testing/counting';
import { Fixture } from '../testing/fixture';
import type { StageEvent, StageTuning } from './stage-options';

jest.setTimeout(30_000);

const LIMIT = 50;
const OFTEN = { heartbeatMs: 50, ttlMs: 400, blockMs: 20, auditEveryMs: 50 };

describe('a stage whose reader is switched off', () => {
  let fixture: Fixture;
  let link: RedisLink;
  let producer: Producer;
  let readerOn: boolean;
  let readerEvents: StageEvent[];
  let stops: (() => Promise<void>)[];
  const tag = (): string => fixture.tags[partitionOf('SPY', 4)] as string;
  beforeEach(async () => {
    fixture = await Fixture.open();
    link = fixture.link();
    producer = await fixture.producer({ tuning: { maxEntryBars: 1 } });
    readerOn = true;
    readerEvents = [];
    stops = [() => producer.stop()];
  });
  afterEach(async () => {
    for (const stop of stops.reverse()) await stop();
    await fixture.close();
  });

  /** The stage before: its output may be a little ahead, and is trimmed to about a hundred entries where nobody else does. */
  const startWriter = async (tuning: Partial<StageTuning> = { outKeepEntries: 20 }): Promise<void> => {
    const writer = fixture.worker(
      'writer',
      { outLimitBars: LIMIT, readEntries: 1, ...tuning },
      { readerEnabled: () => readerOn },
    );
    stops.push(() => writer.stop());
    await writer.start();
  };
  const startReader = async (pauseMs = 0): Promise<void> => {
    const reader = fixture.worker(
      'reader',
      { ...OFTEN, readEntries: 1 },
      {
        link: fixture.link(),
        stage: 'strategy',
        outKind: 'signal',
        beginAnywhere: true,
        createProcessor: () => ({ ...countingProcessor({ rows: false }), effects: () => delay(pauseMs) }),
        onEvent: (event) => readerEvents.push(event),
      },
    );
    stops.push(() => reader.stop());
    await reader.start();
  };
  const offer = async (from: number, to: number): Promise<void> => {
    await producer.offer(numberedBars(['SPY'], from, to));
    await producer.flush();
  };
  const standing = async (stage: 'calculation' | 'strategy') => {
    const { off, out, idle } = await link.commands.hgetall(stageKey(stage, tag()));
    return { off: Number(off), out: Number(out), idle: idle !== undefined };
  };
  const writerAt = (out: number) =>
    until(async () => (await standing('calculation')).out === out, { what: `out ${out}` });
  const isHeldBack = () => until(() => fixture.events.some(({ type }) => type === 'back-pressured'));
  const seenCloses = async (): Promise<number[]> => {
    const entries = await link.commands.xrange(streamKey('signal_stream', tag()), '-', '+');
    return entries
      .flatMap(([, fields]) => JSON.parse(fields[3] as string) as { close: number }[])
      .map(({ close }) => close);
  };

  it('is held back by a reader that does not come, and freed by settings that switch it off', async () => {
    await startWriter();
    await offer(1, 200);
    await isHeldBack();
    expect((await standing('calculation')).out).toBeLessThan(200); // the limit, and what one commit carries
    readerOn = false;
    await writerAt(200);
    expect((await standing('strategy')).idle).toBe(true);
  });

  it('leaves an output behind that is bounded in bars, however often its owner changes', async () => {
    readerOn = false;
    for (let owner = 1; owner <= 8; owner++) {
      await startWriter({ outRetainBars: 100 });
      await offer(80 * owner - 79, 80 * owner);
      await writerAt(80 * owner);
      await stops.pop()?.();
    }
    const kept = await link.commands.xrange(streamKey('calculation_events_stream', tag()), '-', '+');
    expect(kept.at(-1)?.[0]).toBe('640-0');
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThan(300); // whole nodes of the stream are cut off
    const tokens = await link.commands.lrange(tokensKey('calculation_events_stream', tag()), 0, -1);
    expect(tokens.length).toBeGreaterThanOrEqual(100);
    expect(tokens).toEqual(kept.slice(-tokens.length).map(([, fields]) => fields[5]));
  });

  it('is freed by a reader that stands aside; whoever takes up the reading again begins at the present', async () => {
    await startWriter();
    await offer(1, 200);
    await isHeldBack();
    const standAside = createStandAside(link, 'strategy', 4);
    expect([await standAside(), await standAside()]).toEqual([false, true]); // one look is not enough
    await writerAt(200);
    await startReader();
    await until(async () => (await standing('strategy')).off === 200);
    await offer(201, 203);
    await until(async () => (await seenCloses()).length === 3);
    expect(await seenCloses()).toEqual([201, 202, 203]);
    expect((await standing('strategy')).idle).toBe(false);
    expect([await standAside(), await standAside()]).toEqual([false, false]); // somebody is at work
  });

  it('holds the writer back again once the reader has been at work', async () => {
    readerOn = false;
    await startWriter();
    await offer(1, 5);
    await writerAt(5);
    readerOn = true;
    await startReader();
    await until(async () => (await standing('strategy')).off === 5);
    await stops.pop()?.();
    await offer(6, 200);
    await isHeldBack();
    expect((await standing('calculation')).out).toBeLessThan(200); // the limit, and what one commit carries
  });

  it('is no alarm for a reader that goes on reading and misses what was trimmed: it begins anew', async () => {
    readerOn = false;
    await startWriter();
    await startReader(30);
    await offer(1, 400);
    await writerAt(400);
    await until(() => readerEvents.filter(({ type }) => type === 'acquired').length > 4, { timeoutMs: 10_000 });
    await until(async () => (await standing('strategy')).off === 400, { timeoutMs: 10_000 });
    expect(readerEvents.filter(({ type }) => type === 'halted')).toEqual([]);
    expect((await seenCloses()).length).toBeLessThan(400);
  });
});
