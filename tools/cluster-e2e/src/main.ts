import { resolve } from 'node:path';
import { readFlags, USAGE, type Flags } from './flags';
import { keepForwarding, type Forward } from './forward';
import { createKubectl } from './kubectl';
import { overlayFrom } from './overlay';
import { kubernetesCluster } from './kubernetes-cluster';
import { run } from './run';

const say = (line: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);

// The bundle lies in dist/tools/cluster-e2e.
const root = resolve(__dirname, '../../..');
const program = { program: 'kubectl', always: [] };

async function main(flags: Flags): Promise<void> {
  const { namespace, partitions, symbols, keep } = flags;
  const kubectl = createKubectl(program);
  const context = await kubectl(['config', 'current-context']).catch(() => 'none');
  say(`context ${context.trim()}, namespace ${namespace}; ${await greet(kubectl)}`);
  let forward: Forward | undefined;
  const openRedis = async (): Promise<string> => {
    forward = await keepForwarding({ kubectl: program, namespace, target: 'service/redis', remotePort: 6379 });
    return `redis://127.0.0.1:${forward.port}`;
  };
  const cluster = kubernetesCluster({ kubectl, overlay: overlayFrom(flags, root), namespace, openRedis });
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= finish());
  const finish = async (): Promise<void> => {
    forward?.stop();
    if (keep) return say(`namespace ${namespace} is left as it is`);
    say('remove');
    await cluster.remove().catch((error: Error) => {
      say(`${error.message}\nwhat is left: kubectl delete namespace ${namespace}`);
      process.exitCode = 1;
    });
  };
  // A second Ctrl-C ends at once.
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => void end().finally(() => process.exit(code))); // prettier-ignore
  try {
    const { bars, signals, series, answered } = await run({ cluster, partitions, symbols, report: say });
    say(`${bars} bars of ${series} series and ${signals} signals: each once, in order, as computed anew; ${answered} requests`); // prettier-ignore
  } catch (error) {
    process.exitCode = 1;
    if (ending) return; // what is being taken away fails in its own way
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    const complaint = forward?.complaint() ?? '';
    if (complaint !== '') say(`port-forward: ${complaint}`);
    process.stdout.write(`${await cluster.explain()}\n`);
  }
  await end();
}

/** @throws Error when no server answers */
async function greet(kubectl: ReturnType<typeof createKubectl>): Promise<string> {
  const { serverVersion } = JSON.parse(await kubectl(['version', '--output', 'json'])) as {
    serverVersion?: { gitVersion: string };
  };
  return `Kubernetes ${serverVersion?.gitVersion ?? 'unknown'}`;
}

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(`${USAGE}\n`);
  else
    void main(flags).catch((error: Error) => {
      say(`FAILED: ${error.message}`); // nothing has been begun
      process.exitCode = 1;
    });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
