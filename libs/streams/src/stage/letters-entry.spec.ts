import { lettersEntry } from './letters-entry';
import type { DeadLetter } from './processor';

const letter = (more: Partial<DeadLetter> = {}): string =>
  JSON.stringify({
    ...{
      offset: 7,
      symbol: 'SPY',
      timeframe: '1m',
      definition: 'sma_50',
      payload: '{"close":1}',
      error: 'boom',
      attempts: 1,
    },
    ...more,
  });
const eventsOf = (...letters: string[]) =>
  lettersEntry('calculation', letters).flatMap(({ data }) => JSON.parse(String(data)) as Record<string, unknown>[]);

describe('what is told of dead letters', () => {
  it('is nothing without one', () => expect(lettersEntry('calculation', [])).toEqual([]));

  it('says stage, series, definition and error', () => {
    expect(eventsOf(letter())).toEqual([
      {
        id: expect.stringMatching(/^dead_letter-[0-9a-f]{20}$/) as string,
        code: 'dead_letter',
        subject: 'calculation sma_50',
        detail: 'calculation put SPY 1m aside for sma_50: boom',
        symbols: ['SPY'],
      },
    ]);
    const [unread] = eventsOf(letter({ symbol: null, timeframe: null, definition: null, error: 'x'.repeat(1_000) }));
    expect(unread).toMatchObject({ subject: 'calculation an entry' });
    expect(String(unread?.['detail']).length).toBeLessThan(500);
  });

  it('is the same when the same bar comes again at another place, and another for another bar', () => {
    const idOf = (json: string): unknown => eventsOf(json)[0]?.['id'];
    expect(idOf(letter({ offset: 99 }))).toBe(idOf(letter()));
    expect(idOf(letter({ payload: '{"close":2}' }))).not.toBe(idOf(letter()));
  });

  it('is bounded, however many there are', () => {
    expect(eventsOf(...Array.from({ length: 500 }, (_, n) => letter({ payload: `${n}` })))).toHaveLength(10);
  });
});
