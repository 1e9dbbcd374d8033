import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { root } from './build-for-test';
import { call, containerOf } from './container';
import type { System } from './test-system';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: unknown;
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly metadata: object; readonly spec: { readonly containers: Container[] } };
  };
}

/** What becomes something: workloads become pods of their names, so that the names of Services mean them. The rest is for a cluster. */
const KNOWN = ['ConfigMap', 'Deployment', 'StatefulSet'];

/**
 * Probes are taken away: they would be run by timers of systemd, with a curl that the images do not have; so are container ports, which
 * would be opened on this machine.
 */
function playable(manifest: Manifest, tag: string): object {
  if (manifest.kind === 'ConfigMap') return manifest;
  const { template } = manifest.spec;
  const containers = template.spec.containers.map(({ ports: _, ...container }) => ({
    ...Object.fromEntries(Object.entries(container).filter(([field]) => !field.endsWith('Probe'))),
    image: container.image.replace(/^(wagehood\/[\w-]+):.*/, `docker.io/$1:${tag}`),
  }));
  const metadata = { ...template.metadata, name: manifest.metadata.name };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, containers } };
}

/** Plays an overlay with podman: its pods, named as they are, on one network that knows their names. */
export function startPods(overlay: string, tag: string): System {
  const tools = execFileSync(process.execPath, [join(root, 'tools/setup/kubernetes-tools.mjs')], { encoding: 'utf8' });
  const { kubectl } = JSON.parse(tools) as { kubectl: string };
  const rendered = execFileSync(kubectl, ['kustomize', join(root, overlay)], { encoding: 'utf8' });
  const manifests = parseAllDocuments(rendered).map((document) => document.toJS() as Manifest);
  const played = manifests.filter(({ kind }) => KNOWN.includes(kind)).map((manifest) => playable(manifest, tag));
  const input = played.map((manifest) => stringify(manifest)).join('---\n');
  const podman = (...words: string[]) => execFileSync('podman', words, { input, encoding: 'utf8', stdio: 'pipe' });
  const volumes = () => podman('volume', 'ls', '--quiet').split('\n').filter(Boolean);

  const before = volumes();
  const down = (): void => {
    podman('kube', 'down', '-');
    const ours = volumes().filter((name) => !before.includes(name)); // it leaves those of ConfigMaps behind
    if (ours.length > 0) podman('volume', 'rm', ...ours);
  };
  try {
    podman('kube', 'play', '-');
  } catch (error) {
    down();
    throw error;
  }
  const container = (name: string) => {
    const filter = `name=^${name}-(service|redis)$`;
    return containerOf('podman', call('podman', 'ps', '--all', '--quiet', '--filter', filter));
  };
  return { container, down };
}
