import { readFlags } from './flags';

it('has a default for everything', () => {
  expect(readFlags([])).toEqual({
    ...{
      overlay: 'deploy/kustomize/overlays/dev',
      registry: null,
      tag: null,
      redisImage: null,
      namespace: 'wagehood-e2e',
      partitions: 16,
      symbols: 60,
      keep: false,
    },
  });
});

it.each([
  [['--partitions', '0'], /--partitions 0/],
  [['--symbols', 'many'], /--symbols many/],
  [['--namespace', 'Mine_'], /--namespace Mine_: is no name/],
  [['--overlays', 'x'], /--overlays/],
])('says what is wrong with %j', (words, reason) => {
  expect(() => readFlags(words)).toThrow(reason);
});
