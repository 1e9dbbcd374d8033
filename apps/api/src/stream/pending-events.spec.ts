import { PendingEvents } from './pending-events';
import type { PushEvent } from './push-event';

const event = (conflateBy: string | null, json: string): PushEvent => ({
  channel: conflateBy === null ? 'signal' : 'price',
  symbol: 'SPY',
  timeframe: '1m',
  backfilled: false,
  conflateBy,
  json,
});
const drain = (pending: PendingEvents): string[] => {
  const texts: string[] = [];
  for (let next = pending.shift(); next; next = pending.shift()) texts.push(next.event.json);
  return texts;
};

describe('PendingEvents', () => {
  it('keeps the newest of what may be replaced, in the order of the logs', () => {
    const pending = new PendingEvents(10);
    const push = (conflateBy: string | null, json: string, offset: number) =>
      pending.push({ key: 'c0', position: { offset, events: null }, event: event(conflateBy, json) });
    push('A', 'a1', 1);
    push(null, 's1', 2);
    push('B', 'b1', 3);
    push('A', 'a2', 4);
    push(null, 's2', 5);
    expect(pending.size).toBe(4);
    expect(drain(pending)).toEqual(['s1', 'b1', 'a2', 's2']);
  });

  it('is full when too many wait that may not be replaced, and has room again once they are gone', () => {
    const pending = new PendingEvents(2);
    const push = (json: string) =>
      pending.push({ key: 's0', position: { offset: 1, events: null }, event: event(null, json) });
    expect([push('1'), push('2'), push('3')]).toEqual([true, true, false]);
    pending.shift();
    expect(push('4')).toBe(true);
  });
});
