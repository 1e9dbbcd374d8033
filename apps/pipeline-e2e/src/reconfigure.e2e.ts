import {
  atRest,
  evenSymbols,
  inMidStream,
  moreCommitted,
  openSettings,
  startSystem,
  verify,
  type System,
} from '@wagehood/fleet';
import { settingsSchema, type SettingsInput } from '@wagehood/config';

const SYMBOLS = evenSymbols(2);
const NEW_SYMBOLS = evenSymbols(3).filter((symbol) => !SYMBOLS.includes(symbol));
const first = settingsSchema.parse(openSettings(SYMBOLS, {}, ['1s', '5s']));

/** Each builds on the one before. */
const changes: readonly ((settings: SettingsInput) => SettingsInput)[] = [
  (settings) => ({ ...settings, indicators: [...(settings.indicators ?? []), { name: 'sma_20' }, { name: 'rsi_21' }] }),
  (settings) => ({
    ...settings,
    watchlist: [
      ...(settings.watchlist ?? []),
      ...NEW_SYMBOLS.map((symbol) => ({ symbol, timeframes: ['5s' as const] })),
    ],
  }),
  (settings) => ({
    ...settings,
    strategies: settings.strategies?.filter(({ name }) => name !== 'macd_rsi_strategy'),
    indicators: [{ name: 'ema_9' }, ...(settings.indicators ?? []).filter(({ name }) => name !== 'sma_20')],
  }),
  (settings) => ({
    ...settings,
    watchlist: settings.watchlist?.map((entry, i) =>
      i % 2 ? entry : { ...entry, timeframes: ['5s' as const, '1m' as const] },
    ),
  }),
];

describe('the configuration changes in mid-stream', () => {
  let system: System;
  afterEach(() => system?.stop());

  it('while workers are killed right after each change: all of them change at the same bar, and stay exact', async () => {
    system = await startSystem({ settings: first });
    const ingestion = system.start('ingestion', { MOCK_SPEED: '60/s', HISTORY_BARS: '60' });
    await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
    await inMidStream(system, ingestion);
    let settings: SettingsInput = first;
    for (const [i, change] of changes.entries()) {
      await moreCommitted(system, 1_000, 'strategy');
      await system.configure((settings = change(settings)));
      await moreCommitted(system, 200 * i);
      const stage = i % 2 ? 'strategy-evaluator' : 'calculation-worker';
      await system.running(stage)[0]?.kill();
      system.start(stage);
    }
    await moreCommitted(system, 3_000, 'strategy');
    expect(await ingestion.terminate()).toMatchObject({ code: 0 });
    await atRest(system);
    const { series, signals, refused } = await verify(system);
    expect(series.size).toBe(SYMBOLS.length + NEW_SYMBOLS.length);
    expect(signals).toBeGreaterThan(0);
    expect(refused).toBe(0);
    expect(await system.reader.deadLetterCount('calculation')).toBe(0);
    expect(await system.reader.deadLetterCount('strategy')).toBe(0);
  });
});
