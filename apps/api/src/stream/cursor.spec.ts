import fc from 'fast-check';
import { formatCursor, logKey, parseCursor, readAfter, type LogKey, type LogName, type Position } from './cursor';

const position: fc.Arbitrary<Position> = fc.record({
  offset: fc.nat(),
  events: fc.option(fc.nat(100_000), { nil: null }),
});
const key: fc.Arbitrary<LogKey> = fc
  .tuple(fc.constantFrom<LogName>('c', 's', 'a'), fc.nat(1_023))
  .map(([log, partition]) => logKey(log, partition));

describe('cursor', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, position), { minLength: 1 }), (parts) => {
        const cursor = new Map(parts);
        expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('takes nothing else', () => {
    for (const text of [
      '',
      'x',
      'c0',
      'c0-',
      'c0-1.',
      'd0-1',
      'c0-1_',
      'c0--1',
      'c0-1e5',
      ' c0-1',
      'c0-1'.repeat(9_999),
    ]) {
      expect(parseCursor(text)).toBeNull();
    }
    fc.assert(fc.property(fc.string(), (text) => void parseCursor(text)));
  });

  it('reads an entry again that was delivered in part', () => {
    expect(readAfter({ offset: 7, events: null })).toBe(7);
    expect(readAfter({ offset: 7, events: 2 })).toBe(6);
  });
});
