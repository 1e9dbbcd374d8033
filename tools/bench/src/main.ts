import { runBench } from './run-bench';
import { readFlags, USAGE, type BenchFlags } from './args';
import { runStep } from './baseline/run-step';
import { indicatorCoreSuite } from './indicator-core';
import { liveSuite } from './live/live-suite';
import { serveLoad } from './live/load';
import { pipelineSuite } from './pipeline/pipeline-suite';
import { createScope } from './process/scope';
import { scaleSuite } from './scale/scale-suite';
import { sizingSuite } from './sizing/sizing-suite';

const suites = [indicatorCoreSuite, pipelineSuite(__filename), liveSuite(__filename), scaleSuite, sizingSuite];

const [first, ...rest] = process.argv.slice(2);
if (first === '--role') void runRole(rest);
else void bench(process.argv.slice(2));

/** Another process of the bench; it ends with the bench, however that ends. */
async function runRole([role, ...words]: readonly string[]): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  if (role === 'step') await runStep(words);
  if (role === 'load') serveLoad();
}

async function bench(words: readonly string[]): Promise<void> {
  let flags: BenchFlags | 'help';
  try {
    flags = readFlags(
      words,
      suites.map(({ name }) => name),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
  if (flags === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const scope = createScope();
  const interrupt = new AbortController();
  setInterval(() => undefined, 60_000); // a Redis that is being ended does not keep us alive, and somebody must see it go
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupt.abort();
      void scope.end().then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
  const code = await runBench(suites, flags, scope, interrupt.signal);
  if (interrupt.signal.aborted) return;
  await scope.end();
  process.exit(code);
}
