import { resolve } from 'node:path';
import { buildImages } from '../build-images';
import { ENGINES, findEngine } from '../engine';
import type { Service } from '../services';

// IMAGES_BASE names another base, IMAGES_CA the certificate of a proxy that opens TLS.
const { IMAGES_BASE = null, IMAGES_CA = null } = process.env;

/** The folder of the repository. */
export const root = resolve(__dirname, '../../../..');

/** Builds for real: minutes, an engine and a base image are needed, so this is not part of `npm test`. */
export function buildForTest(services: readonly Service[], tag: string, cache: boolean): readonly string[] {
  const engine = [...ENGINES].reverse().find((name) => isThere(name)) ?? null;
  return buildImages({ services, tag, base: IMAGES_BASE, engine, ca: IMAGES_CA, cache }, root);
}

const isThere = (name: (typeof ENGINES)[number]): boolean => {
  try {
    return findEngine(name) === name;
  } catch {
    return false;
  }
};
