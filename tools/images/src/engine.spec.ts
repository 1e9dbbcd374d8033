import { findEngine } from './engine';

it('takes the first engine that works', () => {
  expect(findEngine(null, (name) => name !== 'docker')).toBe('podman');
  expect(findEngine('buildah', () => true)).toBe('buildah');
});

it('says so when none works', () => {
  expect(() => findEngine(null, () => false)).toThrow('Images need one of docker, podman, buildah');
  expect(() => findEngine('docker', () => false)).toThrow('docker does not work here');
});
