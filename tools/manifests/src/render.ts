import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { kubernetesTools, root } from './kubernetes-tools';
import type { Manifest } from './manifest';

export const KUSTOMIZE = join(root, 'deploy/kustomize');

/** YAML as Kubernetes reads it. @throws Error on text that is none, or says a key twice */
export function readManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return document.toJS() as Manifest;
  });
}

/** What `kubectl apply -k FOLDER` would send. */
export function kustomize(folder: string): readonly Manifest[] {
  const options = { encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 ** 2 } as const;
  return readManifests(execFileSync(kubernetesTools().kubectl, ['kustomize', folder], options));
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly components?: readonly string[];
  readonly [field: string]: unknown;
}

/** An overlay with more components, and fields changed, as a user would write them into a copy of it. */
export function withComponents(
  overlay: string,
  components: readonly string[],
  changes: Readonly<Record<string, unknown>> = {},
): readonly Manifest[] {
  const source = join(KUSTOMIZE, 'overlays', overlay);
  const original = parse(readFileSync(join(source, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const inside = (path: string) => join(source, path);
  return render({
    ...original,
    ...changes,
    resources: original.resources.map(inside),
    components: [...(original.components ?? []).map(inside), ...components.map(componentFolder)],
  });
}

/** The base with components, in the namespace that it has. */
export const baseWith = (...components: readonly string[]): readonly Manifest[] =>
  render({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'wagehood',
    resources: [join(KUSTOMIZE, 'base')],
    components: components.map(componentFolder),
  });

const componentFolder = (name: string): string => join(KUSTOMIZE, 'components', name);

/** What a kustomization gives whose resources and components are absolute paths; kustomize wants them relative to its folder. */
function render(kustomization: Kustomization): readonly Manifest[] {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist/kustomize-'));
  try {
    const [resources, components] = [kustomization.resources, kustomization.components ?? []].map((paths) =>
      paths.map((path) => relative(folder, path)),
    );
    writeFileSync(join(folder, 'kustomization.yaml'), stringify({ ...kustomization, resources, components }));
    return kustomize(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
