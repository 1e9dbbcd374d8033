import { writeFile } from 'node:fs/promises';
import { PARTITIONS } from '@wagehood/fleet';
import { createRandom } from '@wagehood/streams/testing';
import type { ChaosFlags, ScenarioPlan } from './args';
import { formatReport, type ScenarioReport } from './report/report';
import type { ChaosContext, Load } from './scenario';

/** Runs the scenarios in turn, prints the report and writes it as JSON. Resolves to the process' exit code. */
export async function runChaos(flags: ChaosFlags): Promise<0 | 1> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const reports: ScenarioReport[] = [];
  const endsAt = flags.minutes === null ? Infinity : performance.now() + flags.minutes * 60_000;
  for (const [i, plan] of flags.plans.entries()) {
    say(`── ${plan.label}: ${plan.scenario.title}`);
    // What is left of the time is shared by those that are left.
    const shareMs = (endsAt - performance.now()) / (flags.plans.length - i);
    reports.push(
      await runScenario(plan, {
        seed: flags.seed,
        load: { symbolsEach: flags.symbols / PARTITIONS, rate: 1 },
        shareMs,
        otherNode: flags.otherNode,
        say: (text) => say(`   ${text}`),
      }),
    );
  }
  process.stdout.write(`\n${formatReport(reports)}\n`);
  if (flags.json !== null) await writeFile(flags.json, `${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(({ passed }) => passed) ? 0 : 1;
}

export interface RunOptions {
  readonly seed: number;
  readonly load: Load;
  readonly shareMs: number;
  readonly otherNode?: string | null;
  readonly say: (text: string) => void;
}

/** Runs one scenario to its end; whatever it throws is in the report. */
export async function runScenario(
  { scenario, label, strikes }: ScenarioPlan,
  options: RunOptions,
): Promise<ScenarioReport> {
  const { seed, load, shareMs, say, otherNode = null } = options;
  const startedAt = performance.now();
  const context: ChaosContext = {
    ...{ seed, strikes, load, say, otherNode },
    random: createRandom(seed),
    hasTime: () => performance.now() - startedAt < shareMs,
  };
  const done = (passed: boolean, more: Pick<ScenarioReport, 'figures' | 'violation'>): ScenarioReport => {
    const seconds = (performance.now() - startedAt) / 1_000;
    say(`${passed ? 'holds' : 'FAILED'} after ${seconds.toFixed(0)} s`);
    return { scenario: label, seed, symbols: load.symbolsEach * PARTITIONS, passed, seconds, ...more };
  };
  try {
    return done(true, { figures: await scenario.run(context), violation: null });
  } catch (error) {
    const violation = error instanceof Error ? error.message : String(error);
    say(violation.split('\n')[0]?.slice(0, 300) ?? '');
    return done(false, { figures: {}, violation });
  }
}
