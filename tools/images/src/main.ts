import { resolve } from 'node:path';
import { buildImages } from './build-images';
import { readFlags, USAGE } from './flags';

// The bundle lies in dist/tools/images.
const root = resolve(__dirname, '../../..');

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(`${USAGE}\n`);
  else for (const image of buildImages(flags, root)) process.stdout.write(`${image}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 1;
}
