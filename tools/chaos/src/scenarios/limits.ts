import {
  appendRaw,
  atRest,
  committed,
  ended,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  verify,
  verifyHistory,
} from '@wagehood/fleet';
import { streamKey, partitionOf, partitionTag, stageKey } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import type { Scenario } from '../scenario';

const WAIT = { timeoutMs: 120_000, everyMs: 50 };

export const backPressure: Scenario = {
  name: 'back-pressure',
  strikes: 10,
  title:
    'a producer as fast as it goes, workers that are stopped again and again, streams of 1 000 bars: nothing unread is trimmed',
  async run({ random, strikes, seed, hasTime }) {
    const symbols = evenSymbols(2);
    const settings = { ...openSettings(symbols), system: { redis_streams_maxlen: 1_000, enable_alerts: false } };
    const system = await startSystem({ settings });
    const bars = 1_000 * strikes;
    try {
      const [worker, evaluator] = await system.up('calculation-worker', 'strategy-evaluator');
      const feed = { MOCK_SEED: String(seed), MOCK_SPEED: 'max', MOCK_BARS: String(bars), HISTORY_BARS: '0' };
      const ingestion = system.start('ingestion', feed);
      for (let n = 0; n < strikes && hasTime(); n++) {
        const { pid } = random.pick([worker, evaluator].filter((service) => service !== undefined));
        process.kill(pid, 'SIGSTOP');
        await until(async () => /behind/.test((await ingestion.probe('/readyz')).text), {
          ...WAIT,
          what: 'ingestion held back',
        });
        process.kill(pid, 'SIGCONT');
        await moreCommitted(system, 1_000, 'strategy', WAIT.timeoutMs);
      }
      await ended(system, ingestion, 600_000);
      await atRest(system, WAIT.timeoutMs);
      for (const symbol of symbols) {
        const rows = await verifyHistory(system, `${symbol}|1s`, settings);
        if (rows !== bars) throw new Error(`${symbol} has ${rows} of ${bars} bars`);
      }
      return { bars: symbols.length * bars };
    } finally {
      await system.stop();
    }
  },
};

export const oomNoeviction: Scenario = {
  name: 'oom-noeviction',
  strikes: null,
  title:
    'Redis is full: bars wait at the provider, what is in the log is worked off, and it goes on when there is room',
  async run({ seed }) {
    const symbols = evenSymbols(1);
    const bars = 4_000;
    const system = await startSystem({ settings: openSettings(symbols), redisArgs: ['--maxmemory', '8mb'] });
    try {
      const feed = { MOCK_SEED: String(seed), MOCK_SPEED: 'max', MOCK_BARS: String(bars), HISTORY_BARS: '0' };
      const ingestion = system.start('ingestion', feed);
      await system.up('calculation-worker', 'strategy-evaluator');
      const isFull = async () => (await ingestion.probe('/readyz')).text.includes('nearly full');
      await until(isFull, { ...WAIT, what: 'a full Redis' });
      await atRest(system, WAIT.timeoutMs);
      const before = await committed(system, 'strategy');
      await system.link.commands.config('SET', 'maxmemory', '1gb');
      await ended(system, ingestion, WAIT.timeoutMs);
      await atRest(system, WAIT.timeoutMs);
      const verified = await verify(system);
      if (verified.bars !== symbols.length * bars) throw new Error(`${verified.bars} bars of ${symbols.length * bars}`);
      return { 'bars before there was room': before, bars: verified.bars, signals: verified.signals };
    } finally {
      await system.stop();
    }
  },
};

export const trimAhead: Scenario = {
  name: 'trim-ahead',
  strikes: null,
  title: 'a stranger trims what has not been read: that partition stops with an alarm, the others go on',
  async run({ seed }) {
    const symbols = evenSymbols(2);
    const system = await startSystem({ settings: openSettings(symbols) });
    try {
      const ingestion = system.start('ingestion', { MOCK_SEED: String(seed), MOCK_SPEED: '50/s', HISTORY_BARS: '60' });
      const [worker] = await system.up('calculation-worker', 'strategy-evaluator');
      await inMidStream(system, ingestion);
      const tag = partitionTag(partitionOf(symbols[0] ?? '', system.partitions), system.partitions);
      process.kill(worker?.pid ?? 0, 'SIGSTOP');
      const key = streamKey('market_data_stream', tag);
      const length = await system.link.commands.xlen(key);
      await until(async () => (await system.link.commands.xlen(key)) > length + 20, {
        ...WAIT,
        what: 'unread entries',
      });
      await system.link.commands.xtrim(key, 'MAXLEN', 1);
      process.kill(worker?.pid ?? 0, 'SIGCONT');
      const alarm = async () => /1 partitions halted/.test((await worker?.probe('/readyz'))?.text ?? '');
      await until(alarm, { ...WAIT, what: 'an alarm' });
      const off = await system.link.commands.hget(stageKey('calculation', tag), 'off');
      await moreCommitted(system, 2_000, 'strategy', WAIT.timeoutMs);
      if ((await system.link.commands.hget(stageKey('calculation', tag), 'off')) !== off)
        throw new Error('the partition went on over the hole');
      const [line] = worker?.lines.filter(({ message }) => message.includes('is halted')) ?? [];
      if (!line) throw new Error('nobody was told');
      return { alarm: line.message };
    } finally {
      await system.stop();
    }
  },
};

export const poisonThrow: Scenario = {
  name: 'poison-throw',
  strikes: 20,
  title: 'entries and bars that are none, in mid-stream: each becomes one dead letter, everything else flows on',
  async run({ seed, random, strikes }) {
    const symbols = evenSymbols(2);
    const system = await startSystem({ settings: openSettings(symbols) });
    const poisons = [
      '[{"symbol":"SPY","timef',
      '[{"symbol":"SPY","close":NaN}]',
      '{"symbol":"SPY"}',
      '[null]',
      '[1]',
      '["x"]',
      '[{}]',
    ];
    try {
      const ingestion = system.start('ingestion', { MOCK_SEED: String(seed), MOCK_SPEED: '50/s', HISTORY_BARS: '60' });
      await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
      await inMidStream(system, ingestion);
      for (let n = 1; n <= strikes; n++) {
        await appendRaw(system, { symbol: random.pick(symbols), kind: 'bar', data: random.pick(poisons), bars: 1 });
        await moreCommitted(system, 100, 'strategy', WAIT.timeoutMs);
      }
      const letters = async () => (await system.reader.deadLetterCount('calculation')) === strikes;
      await until(letters, { ...WAIT, what: `${strikes} dead letters` });
      await ingestion.terminate();
      await atRest(system, WAIT.timeoutMs);
      const { bars, signals } = await verify(system);
      return { 'dead letters': strikes, bars, signals };
    } finally {
      await system.stop();
    }
  },
};
