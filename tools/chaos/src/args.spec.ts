import { readFlags } from './args';
import type { Scenario } from './scenario';

const scenario = (name: string, strikes: number | null): Scenario => ({
  name,
  strikes,
  title: name,
  run: async () => ({}),
});
const scenarios = [scenario('kill9', 200), scenario('scale-1-3', null)];
const plansOf = (...words: string[]) => {
  const flags = readFlags(words, scenarios);
  return flags === 'help' ? [] : flags.plans.map(({ label, strikes }) => [label, strikes]);
};

describe('readFlags', () => {
  it('runs everything in full without options', () => {
    expect(readFlags([], scenarios)).toMatchObject({ seed: 1, minutes: null, json: null });
    expect(plansOf()).toEqual([
      ['kill9-200', 200],
      ['scale-1-3', 0],
    ]);
  });

  it('takes another number of strikes with the name', () => {
    expect(plansOf('--scenario', 'kill9', '--scenario', 'kill9-20,kill9-200')).toEqual([
      ['kill9-200', 200],
      ['kill9-20', 20],
      ['kill9-200', 200],
    ]);
  });

  it.each([
    [['--scenario', 'kill8'], 'there is no such scenario; there are kill9-200, scale-1-3'],
    [['--scenario', 'scale-1-3-4'], 'there is no such scenario'],
    [['--seed', 'x'], '--seed x'],
    [['--minutes', '0'], '--minutes 0'],
    [['--often'], '--often'],
  ])('%j: says what is wrong', (words, message) => {
    expect(() => readFlags(words, scenarios)).toThrow(message);
  });
});
