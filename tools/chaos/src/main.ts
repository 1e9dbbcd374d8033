import { readFlags, usage, type ChaosFlags } from './args';
import { runTextbookWorker } from './naive/textbook-worker';
import { runChaos } from './run-chaos';
import { scenarios } from './scenarios';

const { CHAOS_ROLE, REDIS_URL = '', PARTITIONS } = process.env;
if (CHAOS_ROLE === 'textbook') void runTextbookWorker(REDIS_URL, Number(PARTITIONS));
else void chaos(process.argv.slice(2));

async function chaos(words: readonly string[]): Promise<void> {
  // Everything that we start has a guard of its own: it ends with us, however we end.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  setInterval(() => undefined, 60_000); // a Redis that is being ended does not keep us alive
  let flags: ChaosFlags | 'help';
  try {
    flags = readFlags(words, scenarios);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage(scenarios)}\n`);
    process.exit(2);
  }
  if (flags !== 'help') process.exit(await runChaos(flags));
  process.stdout.write(`${usage(scenarios)}\n`);
  process.exit(0);
}
