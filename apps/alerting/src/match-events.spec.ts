import type { SystemEvent } from '@wagehood/contracts';
import { alertsOfEvent, eventOfGap } from './alert-of-event';
import { emptyEventState, matchesEvent, matchEvent, MOST_PER_MINUTE, type EventState } from './match-events';
import { matchesRule } from './match-rules';
import { sampleRule, sampleSignal } from './testing/sample-alert';

const event = (n: number, more: Partial<SystemEvent> = {}): SystemEvent => ({
  id: `e-${n}`,
  code: 'symbol_stale',
  subject: 'mock',
  detail: 'no bars',
  symbols: ['SPY'],
  ...more,
});
const onSystem = sampleRule({ on: 'system' });

describe('matchesEvent', () => {
  it.each([
    [{}, true],
    [{ events: ['symbol_stale' as const, 'data_gap' as const] }, true],
    [{ events: ['data_gap' as const] }, false],
    [{ symbols: ['SPY', 'QQQ'] }, true],
    [{ symbols: ['QQQ'] }, false],
  ])('%j: %s', (match, expected) => {
    expect(matchesEvent(sampleRule({ on: 'system', match }), event(1))).toBe(expected);
  });

  it('keeps rules on signals and rules on system events apart', () => {
    expect(matchesEvent(sampleRule(), event(1))).toBe(false);
    expect(matchesRule(onSystem, sampleSignal())).toBe(false);
    expect(matchesEvent(sampleRule({ on: 'system', enabled: false }), event(1))).toBe(false);
  });
});

describe('matchEvent', () => {
  const alertsOf = (state: EventState, at: number, told: SystemEvent, rule = onSystem) =>
    matchEvent([rule], told, at, state).map(({ heldBack }) => heldBack);

  it('alerts once of an event that is told twice', () => {
    const state = emptyEventState();
    expect(alertsOf(state, 0, event(1))).toEqual([0]);
    expect(alertsOf(state, 1, event(1))).toEqual([]);
  });

  it('cools down per code and subject, and says how many it held back', () => {
    const rule = sampleRule({ on: 'system', cooldown_seconds: 60 });
    const state = emptyEventState();
    expect(alertsOf(state, 0, event(1), rule)).toEqual([0]);
    expect(alertsOf(state, 59_999, event(2), rule)).toEqual([]);
    expect(alertsOf(state, 59_999, event(3, { subject: 'replay' }), rule)).toEqual([1]);
    expect(alertsOf(state, 60_000, event(4), rule)).toEqual([0]);
  });

  it('never floods: a rule alerts a few times a minute, whatever happens, and loses no count', () => {
    const state = emptyEventState();
    let [alerts, held] = [0, 0];
    for (let n = 0; n < 10_000; n++) {
      for (const heldBack of alertsOf(state, n * 12, event(n, { subject: `${n}` }))) {
        alerts++;
        held += heldBack;
      }
    }
    expect(alerts).toBeLessThanOrEqual(2 * MOST_PER_MINUTE); // two minutes have begun
    expect(alerts + held + (state.held['all'] ?? 0)).toBe(10_000);
    expect(JSON.stringify(state).length).toBeLessThan(10_000);
  });

  it('decides the same from a state that was saved', () => {
    const rule = sampleRule({ on: 'system', cooldown_seconds: 60 });
    const state = emptyEventState();
    alertsOf(state, 0, event(1), rule);
    const saved = JSON.parse(JSON.stringify(state)) as EventState;
    for (const [n, at] of [
      [2, 10],
      [3, 60_000],
      [3, 61_000],
    ] as const)
      // prettier-ignore
      expect(alertsOf(saved, at, event(n), rule)).toEqual(alertsOf(state, at, event(n), rule));
  });

  it('forgets rules that are gone', () => {
    const state = emptyEventState();
    for (let n = 0; n < 9; n++) alertsOf(state, 0, event(n));
    alertsOf(state, 120_000, event(10), sampleRule({ name: 'other', on: 'system' }));
    expect([state.cooling, state.held, Object.keys(state.lately)]).toEqual([{}, {}, ['other']]);
  });
});

describe('alerts of a system event', () => {
  it('names an alert by event, rule and channel, and tells what was held back', () => {
    const [alert] = alertsOfEvent(event(1), onSystem, 3, 7);
    expect(alert).toMatchObject({
      id: expect.stringMatching(/^e-1-[0-9a-f]{12}$/) as string,
      title: 'symbol_stale: no bars (and 3 more since the last alert of this rule)',
      system: { code: 'symbol_stale', subject: 'mock', symbols: ['SPY'] },
      createdAt: 7,
      status: 'pending',
    });
    expect(alertsOfEvent(event(1), sampleRule({ on: 'system', channels: ['a', 'b', 'a'] }), 0, 7)).toHaveLength(2);
  });

  it('makes the same event of the same gap', () => {
    const gap = { symbol: 'SPY', timeframe: '1m' as const, from: 0, to: 60_000, reason: 'lost' };
    expect(eventOfGap(gap)).toEqual(eventOfGap({ ...gap }));
    expect(eventOfGap(gap).id).not.toBe(eventOfGap({ ...gap, to: 120_000 }).id);
    expect(eventOfGap(gap).detail).toContain('from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z');
  });
});
