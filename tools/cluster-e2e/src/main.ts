import { resolve } from 'node:path';
import { readFlags, USAGE, type Flags } from './flags';
import { keepForwarding } from './forward';
import { createKubectl } from './kubectl';
import { overlayFrom } from './overlay';
import { kubernetesCluster } from './kubernetes-cluster';
import { run } from './run';

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);

// The bundle lies in dist/tools/cluster-e2e.
const root = resolve(__dirname, '../../..');

async function main({ overlay, registry, namespace, partitions, symbols, keep }: Flags): Promise<void> {
  const kubectl = createKubectl();
  const forward = await keepForwarding(namespace, 'service/redis', 6379);
  const redisUrl = `redis://127.0.0.1:${forward.port}`;
  const cluster = kubernetesCluster({ kubectl, overlay: overlayFrom(overlay, registry, root), namespace, redisUrl });
  const context = await kubectl(['config', 'current-context']).catch(() => 'none');
  say(`context ${context.trim()}, namespace ${namespace}`);
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true; // a second Ctrl-C ends at once
    void finish();
  });
  const finish = async (): Promise<void> => {
    forward.stop();
    if (keep) return;
    say('remove');
    await cluster.remove().catch((error: Error) => say(error.message));
    if (interrupted) process.exit(130);
  };
  try {
    const { bars, signals, series, answered } = await run({ cluster, partitions, symbols, report: say });
    say(
      `${bars} bars of ${series} series and ${signals} signals: each once, in order, as computed anew; ${answered} requests`,
    );
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    process.stdout.write(`${await cluster.explain()}\n`);
    process.exitCode = 1;
  }
  await finish();
}

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(`${USAGE}\n`);
  else void main(flags);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
