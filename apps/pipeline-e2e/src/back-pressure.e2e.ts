import {
  atRest,
  committed,
  ended,
  evenSymbols,
  moreCommitted,
  startSystem,
  verifyHistory,
  type System,
} from '@wagehood/fleet';
import { until } from '@wagehood/testing';

const SYMBOLS = evenSymbols(2);
const BARS = 4_000;
const settings = {
  system: { redis_streams_maxlen: 1_000, enable_alerts: false },
  watchlist: SYMBOLS.map((symbol) => ({ symbol })),
};

describe('as fast as it goes, through streams that hold 1 000 bars', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('each stage waits for the next one; killing every service in turn loses nothing and doubles nothing', async () => {
    const source = { MOCK_SPEED: 'max', MOCK_BARS: String(BARS), HISTORY_BARS: '0' };
    system = await startSystem({ settings });
    let ingestion = system.start('ingestion', source);
    const [first, second] = await system.up('calculation-worker', 'calculation-worker');
    // Without an evaluator calculation fills its stream and has to wait, and so has ingestion.
    await until(async () => (await ingestion.probe('/readyz')).text.includes('calculation is behind'), {
      ...{ timeoutMs: 30_000, everyMs: 50 },
      what: 'ingestion held back',
    });
    expect(await committed(system)).toBeLessThan((SYMBOLS.length * BARS) / 2);
    await first?.kill();
    system.start('calculation-worker');
    const [evaluator] = await system.up('strategy-evaluator');
    await moreCommitted(system, 2_000, 'strategy');
    await ingestion.kill();
    ingestion = system.start('ingestion', source);
    await moreCommitted(system, 2_000, 'strategy');
    await evaluator?.kill();
    system.start('strategy-evaluator');
    await moreCommitted(system, 2_000, 'strategy');
    await second?.kill();
    system.start('calculation-worker');
    await ended(system, ingestion);
    await atRest(system);

    expect(await committed(system)).toBe(SYMBOLS.length * BARS);
    expect(await committed(system, 'strategy')).toBe(SYMBOLS.length * BARS);
    for (const symbol of SYMBOLS) expect(await verifyHistory(system, `${symbol}|1s`, settings)).toBe(BARS);
  });
});
