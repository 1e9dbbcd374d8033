import { readFlags } from './args';

const suites = ['pipeline', 'latency'];

describe('readFlags', () => {
  it('runs everything at length unless told otherwise', () => {
    expect(readFlags([], suites)).toEqual({ quick: false, json: null, only: [], profile: null });
  });

  it('takes several suites, one flag each or by commas', () => {
    expect(readFlags(['--quick', '--only', 'latency', '--only=pipeline,latency', '--json', 'x.json'], suites)).toEqual({
      quick: true,
      json: 'x.json',
      only: ['latency', 'pipeline', 'latency'],
      profile: null,
    });
  });

  it('names the suites that there are when one is not known', () => {
    expect(() => readFlags(['--only', 'pipelin'], suites)).toThrow(
      '--only pipelin: there is no such suite; there are pipeline, latency',
    );
  });

  it('refuses a flag that it does not know', () => {
    expect(() => readFlags(['--fast'], suites)).toThrow(/--fast/);
  });
});
