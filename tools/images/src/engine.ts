import { spawnSync } from 'node:child_process';

/** What can build an image, in the order of preference. */
export const ENGINES = ['docker', 'podman', 'buildah'] as const;
export type EngineName = (typeof ENGINES)[number];

/** A client without its engine is of no use: each is asked for something that only a working one can answer. */
const PROBES: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ['info', '--format', '{{.ServerVersion}}'],
  podman: ['info', '--format', '{{.Version.Version}}'],
  buildah: ['info'],
};

const works = (engine: EngineName): boolean => {
  const { status, stdout } = spawnSync(engine, PROBES[engine], { encoding: 'utf8', timeout: 30_000 });
  return status === 0 && stdout.trim() !== '';
};

/**
 * @param wanted null: the first that works
 * @throws Error with one readable line when there is none
 */
export function findEngine(wanted: EngineName | null, isWorking = works): EngineName {
  if (wanted !== null) {
    if (isWorking(wanted)) return wanted;
    throw new Error(`${wanted} does not work here; "${wanted} info" says why`);
  }
  const found = ENGINES.find(isWorking);
  if (found === undefined) throw new Error(`Images need one of ${ENGINES.join(', ')}, and none works here`);
  return found;
}
