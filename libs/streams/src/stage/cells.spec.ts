import fc from 'fast-check';
import { DirtyCells } from './cells';

describe('DirtyCells', () => {
  it('names the newest offset before which nothing is unsaved', () => {
    const dirty = new DirtyCells();
    dirty.touch('A', 5, 40);
    dirty.touch('B', 7, 60);
    dirty.touch('A', 9, 80);
    const now = { offset: 9, bars: 90 };
    expect(dirty.snapshotWithout([], now)).toEqual({ offset: 4, bars: 40 });
    expect(dirty.snapshotWithout(['A'], now)).toEqual({ offset: 6, bars: 60 });
    expect(dirty.snapshotWithout(['A', 'B'], now)).toEqual(now);
  });

  it('saves partition-wide cells first, then those that have waited longest', () => {
    const dirty = new DirtyCells();
    for (const [i, cell] of ['A', 'B', 'C', '#control'].entries()) dirty.touch(cell, i + 1, i);
    expect(dirty.oldest(2)).toEqual(['#control', 'A', 'B']);
  });

  it('says since when the oldest change waits', () => {
    let nowMs = 10;
    const dirty = new DirtyCells(() => nowMs);
    expect(dirty.oldestSinceMs).toBeNull();
    for (const cell of ['A', 'B', 'A']) {
      dirty.touch(cell, nowMs, nowMs);
      nowMs += 10;
    }
    expect(dirty.oldestSinceMs).toBe(10);
    dirty.forget('A');
    expect(dirty.oldestSinceMs).toBe(20);
  });

  it('agrees with a plain model on any sequence of touches and saves', () => {
    const step = fc.record({ cell: fc.constantFrom('A', 'B', 'C', 'D'), save: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const dirty = new DirtyCells();
        const model = new Map<string, number>();
        steps.forEach(({ cell, save }, i) => {
          const offset = i + 1;
          if (save) {
            dirty.forget(cell);
            model.delete(cell);
          } else {
            dirty.touch(cell, offset, offset * 10);
            if (!model.has(cell)) model.set(cell, offset);
          }
          const lowest = Math.min(...model.values(), offset + 1) - 1;
          expect(dirty.snapshotWithout([], { offset, bars: offset * 10 }).offset).toBe(lowest);
        });
      }),
    );
  });
});
