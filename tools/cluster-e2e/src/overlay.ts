import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SERVICES } from './cluster';

/** JSON is YAML too. */
export function kustomizationFor(overlay: string, registry: string, folder: string): string {
  const images = SERVICES.map((service) => ({
    name: `wagehood/${service}`,
    newName: `${registry.replace(/\/$/, '')}/wagehood/${service}`,
  }));
  const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
  return `${JSON.stringify({ ...head, resources: [relative(folder, resolve(overlay))], images }, null, 2)}\n`;
}

/** The overlay with the images of another registry, in a folder of its own. @returns the folder */
export function overlayFrom(overlay: string, registry: string | null, root: string): string {
  if (registry === null) return overlay;
  const folder = join(root, 'dist/e2e-overlay');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kustomization.yaml'), kustomizationFor(overlay, registry, folder));
  return folder;
}
