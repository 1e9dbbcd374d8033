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

  it('gives nothing for other kinds and for what does not parse', () => {
    const throttle = new Throttle();
    expect(expandEntry(entry('control', {}), frequencies, throttle)).toEqual([]);
    expect(expandEntry(entry('bar', 'nonsense'), frequencies, throttle)).toEqual([]);
    expect(expandEntry(entry('signal', [sampleSignal(), { id: 1 }]), frequencies, throttle)).toHaveLength(1);
  });
});
