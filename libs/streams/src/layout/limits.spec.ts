import { signalsKept } from './limits';

it.each([
  [1, 1_000],
  [20, 1_000],
  [100, 200],
  [1_250, 20],
])('with %i series in a partition a symbol keeps %i signals', (series, kept) => {
  expect(signalsKept(series)).toBe(kept);
});
