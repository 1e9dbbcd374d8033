import fc from 'fast-check';
import { Retention } from './retention';

describe('Retention', () => {
  const keep = { retainBars: 10, retainBytes: 1_000 };

  it('keeps the wanted number of bars and trims the rest behind the snapshot', () => {
    const retention = new Retention(keep);
    for (let offset = 1; offset <= 10; offset++) retention.note(offset, offset * 5, 10);
    expect(retention.trimBefore(10)).toBe(9); // entries 9 and 10 hold the last 10 bars
  });

  it('never trims what the snapshot still needs', () => {
    const retention = new Retention(keep);
    for (let offset = 1; offset <= 10; offset++) retention.note(offset, offset * 5, 10);
    expect(retention.trimBefore(3)).toBe(4);
    expect(retention.trimBefore(3)).toBe(0);
  });

  it('gives way to the byte budget', () => {
    const retention = new Retention(keep);
    for (let offset = 1; offset <= 5; offset++) retention.note(offset, offset, 400);
    expect(retention.trimBefore(5)).toBe(4); // two entries of 400 bytes fit
  });

  it('remembers a few pieces of a stream of many small entries, and keeps hardly more than is wanted', () => {
    const retention = new Retention({ retainBars: 6_400, retainBytes: 1e9 });
    let [first, most] = [1, 0];
    for (let offset = 1; offset <= 50_000; offset++) {
      retention.note(offset, offset, 100);
      first = Math.max(first, retention.trimBefore(offset));
      most = Math.max(most, offset - first + 1);
      expect(retention.size).toBeLessThan(70);
    }
    expect(50_000 - first + 1).toBeGreaterThanOrEqual(6_400);
    expect(most).toBeLessThan(6_400 * (1 + 2 / 64) + 2);
  });

  it('keeps enough bars and the snapshot whatever comes, and forgets what it has trimmed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bars: fc.integer({ min: 0, max: 20 }), lag: fc.integer({ min: 0, max: 5 }) }), {
          minLength: 1,
          maxLength: 80,
        }),
        (entries) => {
          const retention = new Retention({ retainBars: 30, retainBytes: Infinity });
          let total = 0;
          const barsUpTo = [0];
          let first = 1;
          entries.forEach(({ bars, lag }, i) => {
            const offset = i + 1;
            total += bars;
            barsUpTo[offset] = total;
            retention.note(offset, total, 1);
            const snap = Math.max(0, offset - lag);
            const trimmed = retention.trimBefore(snap);
            if (trimmed > 0) {
              expect(trimmed).toBeGreaterThan(first);
              first = trimmed;
            }
            expect(first).toBeLessThanOrEqual(snap + 1 + lag);
            expect(total - (barsUpTo[first - 1] as number) >= 30 || first === 1).toBe(true);
          });
        },
      ),
    );
  });
});
