import { formatFault, formatFaults, type Fault, type Settings } from '@wagehood/config';
import { catalogs } from '@wagehood/extensions';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseFlags, type Flags } from './cli/flags';
import { helpText } from './cli/help';
import { defaultLogFile, openLogFile } from './log/log-file';
import { watchParent } from './process/watch-parent';
import { Session } from './session';
import { loadRun, type Run } from './settings/load-run';
import { createLiveView, createPlainView } from './view/view';

/** When even the last resorts have not helped: the IPC channels and the guard of Redis end what is left. */
const STOP_LIMIT_MS = 5_000;

const print = (line: string) => void process.stdout.write(`${line}\n`);

function refuse(faults: readonly Fault[]): never {
  process.stderr.write(`${formatFaults(faults)}\n`);
  process.exit(1);
}

/** `npm start`: reads the command line, answers or runs the whole system until Ctrl-C. Ends the process. */
export async function runLocally(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const parsed = parseFlags(argv);
  if (!parsed.ok) refuse(parsed.faults);
  const { flags } = parsed;
  if (flags.help) return print(helpText());

  const root = resolve(__dirname, '../../..');
  const readText = (path: string) => readFileSync(path, 'utf8');
  const run = loadRun({ flags, environment, readText, catalogs, root });
  if (!run.ok) refuse(run.faults);
  for (const warning of run.value.warnings) process.stderr.write(`warning: ${formatFault(warning)}\n`);
  if (flags['show-config']) return print(run.value.description);
  if (flags['validate-only']) return print('The configuration is valid.');
  await runSession(run.value, flags, root, environment['npm_lifecycle_event'] !== undefined);
}

async function runSession(run: Run, flags: Flags, root: string, underNpm: boolean): Promise<void> {
  process.stdout.on('error', () => undefined); // a closed terminal is no reason to leave processes behind
  const log = await openLogFile(run.env.logFile ?? defaultLogFile(new Date())).catch((error: Error) =>
    refuse([{ path: '--log-file', message: error.message }]),
  );
  const view = process.stdout.isTTY ? createLiveView(process.stdout) : createPlainView(print);
  let ending: Promise<void> | null = null;
  const end = (code: number, reason: string) => {
    ending ??= stopAll(code, reason);
  };
  const session = new Session({
    run,
    root,
    dataFolder: flags['data-dir'] ?? join(root, '.data'),
    exitWhenDone: flags['exit-when-done'] === true,
    log,
    view,
    onEnd: (code) => end(code, code === 0 ? 'done' : 'failed'),
  });
  async function stopAll(code: number, reason: string): Promise<void> {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    const before = performance.now();
    await session.stop();
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    view.say(`Stopped everything in ${seconds} s. The log is ${log.path}`);
    log.note('INFO', 'stopped', { reason, seconds: Number(seconds) });
    await log.close();
    // what was written to a pipe leaves before the process does
    process.stdout.write('', () => process.exit(code));
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0, signal));
  if (underNpm) watchParent(() => end(0, 'npm is gone'));
  process.on('uncaughtException', (error) => {
    log.note('ERROR', 'the runner failed', { error: error.stack ?? error.message });
    view.end();
    process.stderr.write(`${error.stack ?? error.message}\n`);
    end(1, 'failed');
  });

  view.say(summary(run.settings));
  try {
    await session.start();
  } catch (error) {
    view.say(`  ✘ ${error instanceof Error ? error.message : String(error)}`);
    end(1, 'failed');
  }
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** `wagehood: 3 symbols from mock, 7 indicators, 5 strategies` */
function summary({ watchlist, indicators, strategies, system }: Settings): string {
  const count = (entries: readonly { readonly enabled: boolean }[]) => entries.filter(({ enabled }) => enabled).length;
  return [
    `wagehood: ${plural(count(watchlist), 'symbol', 'symbols')} from ${system.data_provider}`,
    plural(count(indicators), 'indicator', 'indicators'),
    plural(count(strategies), 'strategy', 'strategies'),
  ].join(', ');
}
