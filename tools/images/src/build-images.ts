import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand, imageName } from './build-command';
import { readCommit } from './commit';
import { findEngine } from './engine';
import type { ImageFlags } from './flags';

/**
 * Builds the images one after the other; the first takes a minute or two, the others share its stages.
 * @returns their names
 * @throws Error with one readable line
 */
export function buildImages(flags: ImageFlags, root: string): readonly string[] {
  const engine = findEngine(flags.engine);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const { revision, epoch } = readCommit(root);
  const tag = flags.tag ?? version;
  return flags.services.map((service) => {
    const { base, ca, cache } = flags;
    const [command = '', ...args] = buildCommand({ engine, service, tag, version, revision, epoch, base, ca, cache });
    const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${engine} could not build ${service}${error ? `: ${error.message}` : ''}`);
    return imageName(service, tag);
  });
}
