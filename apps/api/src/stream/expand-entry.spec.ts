import { settingsSchema } from '@wagehood/config';
import { frequenciesOf } from '../read-model/frequencies';
import { Throttle } from '../read-model/throttle';
import { sampleEvent, sampleSignal } from '../testing/samples';
import { expandEntry } from './expand-entry';

const settings = settingsSchema.parse({
  indicators: [{ name: 'sma_50', update_frequency_seconds: 180 }, { name: 'macd' }],
});
const frequencies = frequenciesOf(settings);
const entry = (kind: string, data: unknown) => ({
  offset: 1,
  kind,
  data: JSON.stringify(data),
  token: '1780000000000000',
});

describe('expandEntry', () => {
  it('gives a price and the values that are due for each bar', () => {
    const throttle = new Throttle();
    const bars = [0, 1, 2, 3].map((i) => sampleEvent({ timestamp: i * 60_000 }));
    const events = expandEntry(entry('bar', bars), frequencies, throttle);
    expect(events.map((event) => event?.channel)).toEqual(Array(4).fill(['price', 'indicator']).flat());
    const names = events
      .filter((event) => event?.channel === 'indicator')
      .map((event) => Object.keys((JSON.parse(event?.json ?? '') as { data: { indicators: object } }).data.indicators));
    expect(names).toEqual([['sma_50', 'macd'], ['macd'], ['macd'], ['sma_50', 'macd']]);
  });

  it('keeps the place of what is held back', () => {
    const slow = frequenciesOf(
      settingsSchema.parse({ indicators: [{ name: 'sma_50', update_frequency_seconds: 600 }] }),
    );
    const bars = [0, 1].map((i) => sampleEvent({ timestamp: i * 60_000, values: { sma_50: i } }));
    expect(expandEntry(entry('bar', bars), slow, new Throttle())[3]).toBeNull();
  });

  it('gives what a correction has changed, as any other bar, the corrected one with its revision', () => {
    const events = [1, 2, 3].map((i) => sampleEvent({ timestamp: i * 60_000, ...(i === 2 ? { revision: 4 } : {}) }));
    const correction = { symbol: 'SPY', timeframe: '1m', from: 120_000, events };
    const pushed = expandEntry(
      entry('correction', correction),
      frequenciesOf(settingsSchema.parse({})),
      new Throttle(),
    );
    expect(pushed.map((event) => [event?.channel, event?.backfilled])).toEqual(
      Array(2).fill([['price', false], ['indicator', false]]).flat(), // prettier-ignore
    );
    const bars = pushed.filter((event) => event?.channel === 'price').map((event) => JSON.parse(event?.json ?? '') as { data: object }); // prettier-ignore
    expect(bars.map(({ data }) => data)).toMatchObject([{ timestamp: '1970-01-01T00:02:00.000Z', revision: 4 }, { timestamp: '1970-01-01T00:03:00.000Z' }]); // prettier-ignore
    expect(bars[1]?.data).not.toHaveProperty('revision');
    expect(expandEntry(entry('correction', []), frequencies, new Throttle())).toEqual([]);
  });

  it('gives nothing for other kinds and for what does not parse', () => {
    const throttle = new Throttle();
    expect(expandEntry(entry('control', {}), frequencies, throttle)).toEqual([]);
    expect(expandEntry(entry('bar', 'nonsense'), frequencies, throttle)).toEqual([]);
    expect(expandEntry(entry('signal', [sampleSignal(), { id: 1 }]), frequencies, throttle)).toHaveLength(1);
  });
});
