import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '@wagehood/fleet';
import { mutants, type Mutant } from '../mutants/mutants';
import type { Scenario } from '../scenario';

const run = promisify(execFile);

interface Found {
  readonly violation: string | null;
  readonly schedules: number;
}

export const mutantsCaught: Scenario = {
  name: 'mutants',
  strikes: 1_000,
  title: 'each guard of the protocol is taken away in turn: the schedules must notice',
  async run({ seed, strikes, say }) {
    const folder = await mkdtemp(join(tmpdir(), 'wagehood-mutants-'));
    const figures: Record<string, string> = {};
    const missed: string[] = [];
    try {
      for (const [i, mutant] of mutants.entries()) {
        const found = await hunt(mutant, join(folder, `${i}.cjs`), seed, strikes);
        const text = describe(found);
        say(`without ${mutant.guard}: ${text}`);
        figures[`without ${mutant.guard}`] = text;
        if (found.violation === null) missed.push(`${mutant.guard}: ${text}`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    if (missed.length > 0) throw new Error(`nobody noticed what was missing\n${missed.join('\n')}`);
    return figures;
  },
};

async function hunt({ edits }: Mutant, outfile: string, seed: number, schedules: number): Promise<Found> {
  const cwd = workspaceRoot;
  await run(process.execPath, ['tools/chaos/mutate.mjs', outfile, JSON.stringify(edits)], { cwd });
  const { stdout } = await run(process.execPath, [outfile, String(seed), String(schedules)], { cwd });
  return JSON.parse(stdout) as Found;
}

const describe = ({ violation, schedules }: Found): string =>
  violation === null
    ? `nothing wrong in ${schedules} schedules`
    : `wrong after ${schedules} schedules (${violation.split('\n')[0]?.slice(0, 100)})`;
