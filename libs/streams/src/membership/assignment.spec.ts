import fc from 'fast-check';
import { assign, partitionsOf } from './assignment';

const members = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 12 });
const partitions = fc.integer({ min: 1, max: 64 });

describe('assign', () => {
  it('gives every partition to somebody, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(partitions, members, (p, live) => {
        const shares = live.map((member) => partitionsOf(member, p, live).length);
        expect(assign(p, live).size).toBe(p);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is the same for everyone, whatever the order in which members are seen', () => {
    fc.assert(
      fc.property(partitions, members, (p, live) => {
        expect([...assign(p, live)]).toEqual([...assign(p, [...live].reverse())]);
      }),
    );
  });

  it('moves little when a member leaves: its own partitions and what balance asks for', () => {
    let moved = 0;
    let total = 0;
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 8 }), (live) => {
        const [gone, ...rest] = live as [string, ...string[]];
        const before = assign(64, live);
        const after = assign(64, rest);
        total += 64;
        for (const [partition, owner] of after)
          if (before.get(partition) !== owner && before.get(partition) !== gone) moved++;
      }),
      { seed: 7 },
    );
    expect(moved / total).toBeLessThan(0.12);
  });

  it('assigns nothing while nobody is live', () => {
    expect(assign(16, []).size).toBe(0);
  });
});
