import { fakeClock } from './fake-clock';

it('fakeClock moves only when told to', () => {
  const clock = fakeClock(1000);
  expect(clock.now()).toBe(1000);
  expect(clock.advance(5)).toBe(1005);
  clock.set(7);
  expect(clock.now()).toBe(7);
  expect(new Date(fakeClock().now()).toISOString()).toBe('2026-01-05T00:00:00.000Z');
});
