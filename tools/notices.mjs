// `node tools/notices.mjs` writes THIRD-PARTY-NOTICES: the licence texts of everything that is bundled into the services.
// `--check` only says whether the file is up to date (exit code 1 when it is not).
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/run.mjs';

const FILE = join(root, 'THIRD-PARTY-NOTICES');
const HEAD = `wagehood contains the software below, bundled into its services. Each part is used under its own licence.
This file is written by tools/notices.mjs from the production dependencies in package-lock.json.
`;

/** Production packages that every platform installs: those that are optional elsewhere differ from machine to machine. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(([path, { version, license }]) => ({ path, version, license, name: path.split('node_modules/').at(-1) }))
    .sort((a, b) => (a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name)));
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Licence and notice texts as the package ships them, or what its package.json says when it ships none. */
function textOf({ path, license }) {
  const folder = join(root, path);
  const files = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && !/\.(js|ts)$/i.test(name))
    .sort();
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length > 0) return texts.join('\n\n');
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const who = typeof author === 'string' ? author : author?.name;
  return `Licensed under ${license}${who ? `, by ${who}` : ''}; the package ships no licence text.`;
}

function notices() {
  const byText = new Map();
  for (const entry of productionPackages()) {
    const text = textOf(entry);
    byText.set(text, [...(byText.get(text) ?? []), `${entry.name} ${entry.version} (${entry.license})`]);
  }
  const blocks = [...byText].map(([text, names]) => `${'-'.repeat(80)}\n${names.join('\n')}\n\n${text}\n`);
  return [HEAD, ...blocks].join('\n');
}

const wanted = notices();
if (process.argv.includes('--check')) {
  const isFresh = readFileSync(FILE, 'utf8') === wanted;
  if (!isFresh) console.error('THIRD-PARTY-NOTICES is out of date: run "node tools/notices.mjs".');
  process.exitCode = isFresh ? 0 : 1;
} else {
  writeFileSync(FILE, wanted);
}
