import fc from 'fast-check';
import { parseBarEvents } from './bar-event';
import { parseControlDocument } from './control-document';
import { parseSignal } from './signal';

const bar = {
  symbol: 'SPY',
  timeframe: '1m',
  timestamp: 60_000,
  open: 1,
  high: 2,
  low: 0.5,
  close: 1.5,
  volume: 10,
  price: 1.5,
  source: 'mock',
  isFinal: true,
};

describe('a batch', () => {
  it('reports what does not parse and goes on with the rest', () => {
    const bad = { ...bar, high: null, symbol: 'spy!' };
    const result = parseBarEvents(JSON.stringify([bar, bad, 7, { ...bar, timestamp: 120_000 }]));
    expect(result).toEqual({
      ok: true,
      value: {
        values: [bar, { ...bar, timestamp: 120_000 }],
        faults: [
          { index: 1, payload: bad, error: expect.stringMatching(/symbol: not a normalised symbol; high: .*number/) },
          { index: 2, payload: 7, error: expect.stringContaining('object') },
        ],
      },
    });
  });

  it.each([
    ['{"a":1}', 'not a JSON array'],
    ['[1,', 'not JSON'],
    ['', 'not JSON'],
    ['null', 'not a JSON array'],
  ])('%p fails as a whole', (text, error) => expect(parseBarEvents(text)).toEqual({ ok: false, error }));

  it.each(['timestamp', 'open', 'timeframe', 'isFinal'])('refuses a bar without %s', (field) => {
    const rest = Object.fromEntries(Object.entries(bar).filter(([name]) => name !== field));
    const result = parseBarEvents(JSON.stringify([rest]));
    expect(result.ok && result.value.faults.map(({ error }) => error)).toEqual([expect.stringContaining(field)]);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const parse of [parseBarEvents, parseSignal, parseControlDocument]) {
          const result = parse(text);
          expect(typeof result.ok).toBe('boolean');
          if (!result.ok) expect(result.error.length).toBeLessThanOrEqual(300);
        }
      }),
    );
  });
});
