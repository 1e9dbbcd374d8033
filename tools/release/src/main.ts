import { resolve } from 'node:path';
import { readFlags, USAGE } from './flags';
import { release } from './release';
import { gitRepository } from './repository';

// The bundle lies in dist/tools/release.
const root = resolve(__dirname, '../../..');

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(`${USAGE}\n`);
  else {
    const day = new Date().toISOString().slice(0, 10);
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    release({ root, repository: gitRepository(root), flags, day, say });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
