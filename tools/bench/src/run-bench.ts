import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { BenchFlags } from './args';
import { createFreeMemory, type MemoryUsed } from './process/free-memory';
import { machineRows } from './process/machine';
import { createScope, type Scope } from './process/scope';
import type { Goal } from './report/goals';
import { formatNumber, formatTable } from './report/table';
import type { Row } from './row';
import type { Suite } from './suite';

/**
 * Runs the suites in turn, prints one table and writes the rows. Resolves to the process' exit code. Once interrupted it says
 * nothing more: what was being measured has been ended under its feet.
 */
export async function runBench(
  suites: readonly Suite[],
  flags: BenchFlags,
  all: Scope,
  interrupted: AbortSignal,
): Promise<0 | 1> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  say(`Node ${process.version}, ${availableParallelism()} cores`);
  const rows: Row[] = machineRows();
  const memory = createFreeMemory();
  all.add(() => memory.end());
  const goals = new Map<string, Goal>();
  let code: 0 | 1 = 0;
  for (const suite of suites) {
    if (flags.only.length > 0 && !flags.only.includes(suite.name)) continue;
    const scope = createScope();
    const endScope = all.add(() => scope.end());
    const startedAt = performance.now();
    say(`── ${suite.title}`);
    try {
      const { quick, profile } = flags;
      const sayOfSuite = (text: string) => say(`   ${text}`);
      const useFreeMemory = async (): Promise<void> => {
        if (!quick) noteMemory(await memory.use(), rows, sayOfSuite);
      };
      rows.push(...(await suite.run({ quick, profile, scope, say: sayOfSuite, useFreeMemory })));
      for (const [name, goal] of suite.goals) goals.set(name, goal);
    } catch (error) {
      if (interrupted.aborted) return 1;
      say(`   ${suite.name} failed: ${error instanceof Error ? error.message : String(error)}`);
      code = 1;
    } finally {
      await endScope();
    }
    say(`   ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  }
  process.stdout.write(`\n${formatTable(rows, goals)}\n`);
  if (flags.json !== null) await writeFile(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
  return code;
}

const MEMORY_ROW = 'machine: a page of memory that was free';

/** The first time says what such a page costs; what comes into use later may have been free for a moment only. */
function noteMemory({ bytes, microsPerPage }: MemoryUsed, rows: Row[], say: (text: string) => void): void {
  if (bytes === 0 || rows.some(({ name }) => name === MEMORY_ROW)) return;
  say(`${formatNumber(bytes / 2 ** 30)} GB of free memory put to use, ${formatNumber(microsPerPage)} µs a page`);
  rows.push({ name: MEMORY_ROW, value: microsPerPage, unit: 'µs' });
}
