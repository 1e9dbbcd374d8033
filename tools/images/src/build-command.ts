import type { EngineName } from './engine';

export interface Build {
  readonly engine: EngineName;
  readonly service: string;
  readonly tag: string;
  readonly version: string;
  /** Of the commit. */
  readonly revision: string;
  /** Seconds since 1970: the time of the commit, which every file of the image gets. */
  readonly epoch: number;
  readonly base: string | null;
  readonly ca: string | null;
  readonly cache: boolean;
}

/** The name under which Kubernetes and compose look for the image: without a registry it means Docker Hub's, on every engine. */
export const imageName = (service: string, tag: string): string => `docker.io/wagehood/${service}:${tag}`;

/** The words of the command that builds one image, to be run in the folder of the repository. */
export function buildCommand(build: Build): readonly string[] {
  const { engine, service, tag, version, revision, epoch, base, ca, cache } = build;
  const args = { SERVICE: service, VERSION: version, REVISION: revision, ...(base !== null && { NODE_IMAGE: base }) };
  return [
    engine,
    'build',
    ...(engine === 'docker'
      ? ['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`]
      : ['--format=docker', '--layers', `--timestamp=${epoch}`]), // the OCI format knows no HEALTHCHECK
    ...(cache ? [] : ['--no-cache']),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(ca === null ? [] : ['--secret', `id=ca,src=${ca}`]),
    ...['--file', 'deploy/docker/Dockerfile', '--tag', imageName(service, tag), '.'],
  ];
}
