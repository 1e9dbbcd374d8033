import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return null;
  }
};

/** Whether node_modules holds exactly what package-lock.json asks for (packages of other platforms aside). */
export function dependenciesAreFresh() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

/** Runs `npm ci` when node_modules is missing or older than the lock. Ends the process when npm fails. */
export async function ensureDependencies() {
  if (dependenciesAreFresh()) return;
  console.log('Installing dependencies (npm ci)…');
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true });
  if (code === 0) return;
  console.error(`${output.trim()}\nnpm ci failed; the lines above say why.`);
  process.exit(1);
}
