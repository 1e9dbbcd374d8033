import { parseArgs } from 'node:util';
import { isVersion } from './version';

export interface Flags {
  readonly dryRun: boolean;
  /** X.Y.Z, major, minor or patch; null: what the commits call for. */
  readonly version: string | null;
  /** Build the images too, here. */
  readonly images: boolean;
}

export const USAGE = `npm run release -- [--dry-run] [--version X.Y.Z|major|minor|patch] [--images]
  Writes the version wherever it stands and the changelog, commits and tags. Nothing is pushed.
  --dry-run   only say what would be done
  --version   default: what the commits since the last tag call for
  --images    build the images of the version as well`;

/** @throws Error with one readable line */
export function readFlags(words: readonly string[]): Flags | 'help' {
  const { values } = parseArgs({
    args: [...words],
    options: {
      'dry-run': { type: 'boolean', default: false },
      version: { type: 'string' },
      images: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { version = null, images } = values;
  if (version !== null && !isVersion(version) && !['major', 'minor', 'patch'].includes(version)) {
    throw new Error(`--version ${version}: X.Y.Z, major, minor or patch is expected`);
  }
  return { dryRun: values['dry-run'], version, images };
}
