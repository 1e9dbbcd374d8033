import { readFlags } from './flags';
import { SERVICES } from './services';

it('builds everything by default', () => {
  expect(readFlags([])).toEqual({ services: SERVICES, tag: null, base: null, engine: null, ca: null, cache: true });
});

it('builds what it is told', () => {
  const flags = readFlags(['--service', 'api', '--service=ingestion', '--tag', '1.2.3', '--base', 'node:22']);
  expect(readFlags(['--no-cache'])).toMatchObject({ cache: false });
  expect(flags).toMatchObject({ services: ['api', 'ingestion'], tag: '1.2.3', base: 'node:22' });
});

it.each([
  [['--service', 'apu'], /--service apu: there is no such; there are ingestion, calculation-worker/],
  [['--engine', 'kaniko'], /--engine kaniko: there is no such; there are docker, podman, buildah/],
  [['--tag', 'a b'], /--tag a b/],
  [['--push'], /--push/],
])('says what is wrong with %j', (words, reason) => {
  expect(() => readFlags(words)).toThrow(reason);
});
