import { buildCommand } from './build-command';

const build = {
  service: 'api',
  tag: '1',
  version: '1.0.0',
  revision: 'abc',
  epoch: 7,
  base: null,
  ca: null,
  cache: true,
};

it('gives every engine what it understands', () => {
  expect(buildCommand({ ...build, engine: 'docker' }).join(' ')).toBe(
    'docker build --build-arg SOURCE_DATE_EPOCH=7 --build-arg SERVICE=api --build-arg VERSION=1.0.0 --build-arg REVISION=abc ' +
      '--file deploy/docker/Dockerfile --tag docker.io/wagehood/api:1 .',
  );
  for (const engine of ['podman', 'buildah'] as const) {
    expect(buildCommand({ ...build, engine }).slice(0, 5)).toEqual([
      ...[engine, 'build', '--format=docker', '--layers', '--timestamp=7'],
    ]);
  }
});

it('hands base and certificate over', () => {
  const words = buildCommand({ ...build, engine: 'podman', base: 'node:22', ca: '/ca.pem' }).join(' ');
  expect(words).toContain('--build-arg NODE_IMAGE=node:22 ');
  expect(words).toContain('--secret id=ca,src=/ca.pem ');
});
