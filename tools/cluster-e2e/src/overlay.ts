import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SERVICES } from './cluster';
import type { Flags } from './flags';

export type Changes = Pick<Flags, 'overlay' | 'namespace' | 'registry' | 'tag' | 'redisImage'>;

/** JSON is YAML too. */
export function kustomizationFor({ overlay, namespace, registry, tag, redisImage }: Changes, folder: string): string {
  const ours = SERVICES.map((service) => ({
    name: `wagehood/${service}`,
    ...(registry !== null && { newName: `${registry.replace(/\/$/, '')}/wagehood/${service}` }),
    ...(tag !== null && { newTag: tag }),
  }));
  const images = [...ours, ...(redisImage === null ? [] : [{ name: 'redis', ...partsOf(redisImage) }])];
  const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', namespace };
  return `${JSON.stringify({ ...head, resources: [relative(folder, resolve(overlay))], images }, null, 2)}\n`;
}

/** A port has a colon too, but a slash behind it. */
function partsOf(image: string): { newName: string; newTag?: string } {
  const [, newName = image, newTag] = /^(.+?)(?::([\w.-]+))?$/.exec(image) ?? [];
  return { newName, ...(newTag !== undefined && { newTag }) };
}

/** The overlay in another namespace and with other images, in a folder of its own. @returns the folder */
export function overlayFrom(changes: Changes, root: string): string {
  const folder = join(root, 'dist/e2e-overlay');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kustomization.yaml'), kustomizationFor(changes, folder));
  return folder;
}
