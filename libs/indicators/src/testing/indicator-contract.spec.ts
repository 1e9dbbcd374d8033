import { builtinIndicators } from '../builtin';
import { defineIndicator, type IndicatorDefinition } from '../define-indicator';
import { indicatorLaws } from './indicator-contract';

// Each definition below breaks one promise; the contract has to notice.

const base = {
  title: 'A bad one',
  params: {},
  outputs: ['value'],
  scale: 'price',
  warmup: () => 1,
  slots: () => 2,
} as const;

const bad: readonly (readonly [string, RegExp, IndicatorDefinition])[] = [
  [
    'keeps state in its closure',
    /keeps nothing outside/,
    {
      ...base,
      id: 'closure',
      compile: () => {
        let last = 0;
        return (_state, _at, bar, _now, out, to) => {
          out[to] = last = 0.5 * last + bar.close;
        };
      },
    },
  ],
  ['has a value too early', /until it is warm/, { ...base, id: 'early', warmup: () => 3, compile: close() }],
  [
    'loses its value',
    /once it has one/,
    {
      ...base,
      id: 'loses',
      compile: () => (_state, _at, bar, _now, out, to) => {
        out[to] = bar.volume === 0 ? NaN : bar.close;
      },
    },
  ],
  ['forgets to write', /finite values/, { ...base, id: 'forgets', compile: () => () => undefined }],
  [
    'divides by zero',
    /finite values/,
    {
      ...base,
      id: 'divides',
      scale: 'free',
      compile: () => (_s, _a, bar, _n, out, to) => {
        out[to] = (bar.close - bar.low) / (bar.high - bar.low);
      },
    },
  ],
  [
    'adds a constant',
    /× 1024/,
    {
      ...base,
      id: 'offset',
      compile: () => (_s, _a, bar, _n, out, to) => {
        out[to] = bar.close + 1;
      },
    },
  ],
  ['says that a price is free of scale', /× 1024/, { ...base, id: 'unfree', scale: 'free', compile: close() }],
  [
    'reads beyond its closes',
    /./,
    {
      ...base,
      id: 'reads',
      closes: () => 1,
      compile: () => (state, _at, _bar, now, out, to) => {
        out[to] = (state[now] as number) + (state[now - 60] as number);
      },
    },
  ],
  [
    'writes where others live',
    /./,
    {
      ...base,
      id: 'writes',
      compile: () => (state, _at, bar, now, out, to) => {
        out[to] = (state[now] as number) + (state[now + 1] as number);
        state[now + 1] = bar.close;
      },
    },
  ],
  [
    'throws',
    /./,
    {
      ...base,
      id: 'throws',
      compile: () => () => {
        throw new Error('no');
      },
    },
  ],
  ['drifts', /drifts/, { ...base, id: 'drifts', closes: () => 20, warmup: () => 20, compile: naiveDeviation() }],
  [
    'grows',
    /drifts nor grows/,
    {
      ...base,
      id: 'grows',
      compile: () => {
        const all: number[] = [];
        return (_state, _at, bar, _now, out, to) => {
          all.push(bar.close);
          out[to] = bar.close;
        };
      },
    },
  ],
];

function close(): IndicatorDefinition['compile'] {
  return () => (_state, _at, bar, _now, out, to) => {
    out[to] = bar.close;
  };
}

/** Σx² − mean²: what everyone writes first. */
function naiveDeviation(): IndicatorDefinition['compile'] {
  return () => (state, at, bar, now, out, to) => {
    const old = state[now - 20] as number;
    state[at] = (state[at] as number) + bar.close - old;
    state[at + 1] = (state[at + 1] as number) + bar.close * bar.close - old * old;
    const mean = (state[at] as number) / 20;
    out[to] =
      old === 0 && state[now - 19] === 0
        ? NaN
        : mean + Math.sqrt(Math.max(0, (state[at + 1] as number) / 20 - mean * mean));
  };
}

it.each(bad)('the contract notices a definition that %s', (_, law, definition) => {
  const broken = indicatorLaws(defineIndicator(definition), { enduranceBars: 2_000_000 }).filter(({ check }) => {
    try {
      check();
      return false;
    } catch {
      return true;
    }
  });
  expect(broken.map(({ name }) => name).join('; ')).toMatch(law);
});

it('the contract has every law', () => {
  expect(indicatorLaws(builtinIndicators[0] as IndicatorDefinition).map(({ name }) => name)).toHaveLength(11);
});
