import { readFileSync } from 'node:fs';
import { readFlags, USAGE } from './flags';
import { redisOf, runRepartition } from './run-repartition';

void main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(words: readonly string[]): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const flags = readFlags(words);
  if (flags === 'help') return say(USAGE);
  const settings = redisOf(flags, process.env, (path) => readFileSync(path, 'utf8'));
  await runRepartition(flags, settings, say);
}
