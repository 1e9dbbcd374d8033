import { readFile } from 'node:fs/promises';
import { formatNumber } from '../report/table';

/** Of the machine's CPU time, beyond which what was measured says more of its neighbours than of us. */
const CALM = 0.03;

export interface CalmOptions {
  /** How often to measure at most. */
  readonly attempts: number;
  readonly say: (text: string) => void;
  /** What comes before each measurement and does not belong to it. */
  readonly prepare?: () => Promise<void>;
  readonly lookAtMachine?: () => Promise<MachineTime>;
}

/**
 * Measures until the host of a virtual machine has left it alone meanwhile, at most so many times. What was measured is not looked
 * at: of several the one counts that was disturbed least.
 */
export async function whileCalm<T>(
  measure: () => Promise<T>,
  { attempts, say, prepare, lookAtMachine = machineTime }: CalmOptions,
): Promise<T> {
  let best: { readonly stolen: number; readonly value: T } | null = null;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await prepare?.();
    const before = await lookAtMachine();
    const value = await measure();
    const stolen = stolenShare(before, await lookAtMachine());
    if (best === null || stolen < best.stolen) best = { stolen, value };
    if (stolen <= CALM) break;
    const next = attempt < attempts ? '; measured again' : '';
    say(`the host took ${formatNumber(stolen * 100)} % of the machine's time${next}`);
  }
  if (best === null) throw new RangeError(`attempts: ${attempts}, should be 1 or more`);
  return best.value;
}

/** Ticks since the machine was started. */
export interface MachineTime {
  readonly all: number;
  /** Ready to run, but the host ran somebody else. */
  readonly stolen: number;
}

async function machineTime(): Promise<MachineTime> {
  return process.platform === 'linux' ? parseMachineStat(await readFile('/proc/stat', 'utf8')) : { all: 0, stolen: 0 };
}

/** The line `cpu`: user, nice, system, idle, iowait, irq, softirq, steal; the guests behind it are part of user and nice. */
export function parseMachineStat(stat: string): MachineTime {
  const fields = stat.slice(0, stat.indexOf('\n')).split(/\s+/).slice(1, 9).map(Number);
  return { all: fields.reduce((sum, ticks) => sum + ticks, 0), stolen: fields[7] ?? 0 };
}

/** 0 to 1; 0 where nobody says. */
export const stolenShare = (before: MachineTime, after: MachineTime): number =>
  after.all === before.all ? 0 : (after.stolen - before.stolen) / (after.all - before.all);
