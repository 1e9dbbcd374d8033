import fc from 'fast-check';
import { RowArena } from './row-arena';

/** What a series has given to the arena and not taken back yet. */
interface Chain {
  first: number;
  last: number;
  readonly rows: (readonly number[])[];
}

describe('RowArena', () => {
  it('gives back every row of a chain in its order, whatever else comes and goes meanwhile', () => {
    const step = fc.record({ chain: fc.nat(4), rows: fc.integer({ min: 1, max: 300 }), taken: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const arena = new RowArena(['timestamp', 'close', 'sma_50']);
        const chains = new Map<number, Chain>();
        let n = 0;
        for (const { chain: name, rows, taken } of steps) {
          const chain = chains.get(name) ?? { first: -1, last: -1, rows: [] };
          chains.set(name, chain);
          for (let i = 0; i < rows; i++) {
            const row = [++n, n / 3, -n];
            const empty = chain.rows.length === 0;
            chain.last = arena.add(Float64Array.from(row), empty ? -1 : chain.last);
            if (empty) chain.first = chain.last;
            chain.rows.push(row);
          }
          const due = chain.rows.splice(0, taken);
          const into = new Float64Array(3 * due.length + 2).fill(7);
          chain.first = arena.take(chain.first, due.length, into, 1);
          expect([...into]).toEqual([7, ...due.flat(), 7]);
        }
        expect(arena.size).toBe([...chains.values()].reduce((sum, { rows }) => sum + rows.length, 0));
      }),
    );
  });
});
