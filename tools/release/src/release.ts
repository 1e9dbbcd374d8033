import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flags } from './flags';
import { planRelease, type Plan } from './plan';
import type { Repository } from './repository';

export interface ReleaseOptions {
  readonly root: string;
  readonly repository: Repository;
  readonly flags: Flags;
  /** YYYY-MM-DD */
  readonly day: string;
  readonly say: (line: string) => void;
}

/** Plans, and unless it is a dry run carries out. @throws Error with one readable line */
export function release({ root, repository, flags, day, say }: ReleaseOptions): Plan {
  const plan = planRelease(root, repository, flags.version, day);
  say(`${plan.from} → ${plan.to}${flags.dryRun ? ' (dry run: nothing is written)' : ''}`);
  for (const file of plan.files.keys()) say(`  ${file}`);
  for (const image of plan.images) say(`  image ${image}`);
  say(`  tag v${plan.to}, and for each service dist/release/SERVICE.cdx.json with SHA256SUMS`);
  if (flags.dryRun) return plan;
  if (!repository.isClean()) throw new Error('There are changes that are not committed: commit or stash them first');
  for (const [file, text] of plan.files) writeFileSync(join(root, file), text);
  repository.commitAndTag(plan.to, [...plan.files.keys()]);
  writeBills(root, plan);
  if (flags.images) execFileSync('npm', ['run', 'images'], { cwd: root, stdio: 'inherit' });
  say(`Done. git push --follow-tags publishes it.`);
  return plan;
}

/** The lists of packages, built anew so that they bear the version, and their checksums to sign. */
function writeBills(root: string, { images }: Plan): void {
  const services = images.map((image) => image.slice('wagehood/'.length).split(':')[0] ?? '');
  const nx = join(root, 'node_modules/.bin/nx');
  execFileSync(process.execPath, [nx, 'run-many', '-t', 'build', '-p', services.join(',')], {
    cwd: root,
    stdio: 'pipe',
  });
  const folder = join(root, 'dist/release');
  mkdirSync(folder, { recursive: true });
  const sums = services.map((service) => {
    const file = `${service}.cdx.json`;
    copyFileSync(join(root, 'dist/apps', service, 'sbom.cdx.json'), join(folder, file));
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    return `${sum}  ${file}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
}
