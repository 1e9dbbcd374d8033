import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseChangelog } from './changelog';
import { PLACES, replaceVersion } from './places';
import type { Repository } from './repository';
import { changeOf, nextVersion, stepFor, type Step } from './version';

export interface Plan {
  readonly from: string;
  readonly to: string;
  /** New texts by file. */
  readonly files: ReadonlyMap<string, string>;
  readonly images: readonly string[];
}

const SERVICES = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];

/**
 * Everything that a release changes, and nothing done yet.
 * @param wanted the version or the step; null: what the commits call for. A first release is the version that stands there.
 * @throws Error with one readable line when there is nothing to release
 */
export function planRelease(root: string, repository: Repository, wanted: string | Step | null, day: string): Plan {
  const { version: from } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const last = repository.lastRelease();
  const changes = repository.commitsSince(last).flatMap((commit) => changeOf(commit) ?? []);
  const to = chooseVersion(from, last, wanted, stepFor(changes, from));
  const files = new Map<string, string>();
  const read = (file: string) => files.get(file) ?? readFileSync(join(root, file), 'utf8');
  for (const place of PLACES) files.set(place.file, replaceVersion(read(place.file), place, from, to));
  files.set('CHANGELOG.md', releaseChangelog(read('CHANGELOG.md'), to, day, changes));
  return { from, to, files, images: SERVICES.map((service) => `wagehood/${service}:${to}`) };
}

function chooseVersion(from: string, last: string | null, wanted: string | Step | null, called: Step | null): string {
  if (wanted === 'major' || wanted === 'minor' || wanted === 'patch') return nextVersion(from, wanted);
  if (wanted !== null) return wanted;
  if (last === null) return from;
  if (called === null)
    throw new Error(`Since ${last} nothing has changed for a user; --version X.Y.Z releases all the same`);
  return nextVersion(from, called);
}
