import fc from 'fast-check';
import { matchesRule, matchRules, pruneCooldowns, type Cooldowns } from './match-rules';
import { sampleRule, sampleSignal } from './testing/sample-alert';

describe('matchesRule', () => {
  it('matches everything when nothing is asked for', () => {
    expect(matchesRule(sampleRule(), sampleSignal())).toBe(true);
  });

  it.each([
    [{ symbols: ['SPY'] }, true],
    [{ symbols: ['QQQ'] }, false],
    [{ strategies: ['macd_rsi_strategy', 'rsi_trend_strategy'] }, true],
    [{ strategies: ['rsi_trend_strategy'] }, false],
    [{ sides: ['buy' as const] }, true],
    [{ sides: ['sell' as const] }, false],
    [{ timeframes: ['1s' as const] }, true],
    [{ timeframes: ['1m' as const] }, false],
    [{ min_confidence: 0.71 }, true],
    [{ min_confidence: 0.72 }, false],
    [{ symbols: ['SPY'], sides: ['sell' as const] }, false],
  ])('%j → %p', (match, expected) => expect(matchesRule(sampleRule({ match }), sampleSignal())).toBe(expected));

  it('matches nothing when it is switched off', () => {
    expect(matchesRule(sampleRule({ enabled: false }), sampleSignal())).toBe(false);
  });
});

describe('matchRules', () => {
  const at = (seconds: number, side: 'buy' | 'sell' = 'buy') => sampleSignal({ emittedAt: seconds * 1000, side });

  it('never alerts about history', () => {
    expect(matchRules([sampleRule()], sampleSignal({ backfilled: true }), {})).toEqual([]);
  });

  it('holds a rule back while it cools down, per side', () => {
    const rules = [sampleRule({ cooldown_seconds: 60 })];
    const cooldowns: Cooldowns = {};
    const suppressed = [at(100), at(101), at(102, 'sell'), at(159), at(160), at(161)].map(
      (signal) => matchRules(rules, signal, cooldowns)[0]?.suppressed,
    );
    expect(suppressed).toEqual([false, true, false, true, false, true]);
  });

  it('lets through at most one signal per cooldown, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 }),
        (cooldown, steps) => {
          const rules = [sampleRule({ cooldown_seconds: cooldown })];
          const cooldowns: Cooldowns = {};
          let time = 0;
          const passed: number[] = [];
          for (const step of steps) {
            time += step;
            if (!matchRules(rules, at(time), cooldowns)[0]?.suppressed) passed.push(time);
          }
          passed.slice(1).forEach((t, i) => expect(t - (passed[i] as number)).toBeGreaterThanOrEqual(cooldown));
        },
      ),
    );
  });

  it('keeps no state for rules without cooldown', () => {
    const cooldowns: Cooldowns = {};
    matchRules([sampleRule()], at(1), cooldowns);
    expect(cooldowns).toEqual({});
  });

  it('forgets rules that are gone', () => {
    const cooldowns: Cooldowns = { 'old buy': 1, 'all buy': 2, 'all sell': 3 };
    pruneCooldowns(cooldowns, [sampleRule({ cooldown_seconds: 5 })]);
    expect(cooldowns).toEqual({ 'all buy': 2, 'all sell': 3 });
  });
});
