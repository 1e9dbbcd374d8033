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
  mkdirSync(join(root, 'dist'), { recursive: true });
  const copy = mkdtempSync(join(root, 'dist/kustomize-'));
  try {
    const from = (path: string) => relative(copy, join(source, path));
    const added = components.map((name) => relative(copy, join(KUSTOMIZE, 'components', name)));
    const kustomization: Kustomization = {
      ...original,
      ...changes,
      resources: original.resources.map(from),
      components: [...(original.components ?? []).map(from), ...added],
    };
    writeFileSync(join(copy, 'kustomization.yaml'), stringify(kustomization));
    return kustomize(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
