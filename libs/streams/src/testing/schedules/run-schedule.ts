import { setImmediate as turn } from 'node:timers/promises';
import { partitionTag } from '../../layout/partition';
import type { RedisClient } from '../../redis/connect';
import { storedViolation, violationIn } from './expectation';
import type { Fault } from './faulty-link';
import { createRandom, type Random } from './random';
import { TAG } from './provider';
import { World } from './world';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'DIA', 'TLT'];
const STEPS = 40;
/** Reads after which a partition that still has input counts as stuck. */
const MOST_READS = 200;

/** What may happen next, and how often. */
const STEP_WEIGHTS = {
  append: 10,
  warm: 0,
  correct: 0,
  configure: 0,
  work: 14,
  save: 5,
  letGo: 4,
  takeOver: 3,
  release: 1,
  steal: 1,
  audit: 2,
  dump: 4,
  rollBack: 2,
  loseInput: 1,
  loseCommit: 1,
  loseSave: 1,
};
/** Every other schedule has pasts of series and corrections in it; the others leave more room to everything else. */
const WITH_PASTS = { ...STEP_WEIGHTS, warm: 4, correct: 4, configure: 1 };
const FAULT_WEIGHTS: Readonly<Record<Fault, number>> = { none: 12, twice: 4, held: 4, unanswered: 1, unsent: 1 };

export interface Outcome {
  readonly seed: number;
  /** What is wrong in the end; null when nothing is. */
  readonly violation: string | null;
  readonly takeOvers: number;
  readonly rollBacks: number;
}

/** Plays the schedule of a seed on an empty Redis, lets everything settle and compares with the batch. */
export async function runSchedule(client: RedisClient, seed: number): Promise<Outcome> {
  if (partitionTag(0, 1) !== TAG) throw new Error('the tag of the only partition has changed');
  await client.flushall();
  const random = createRandom(seed);
  const weights = seed % 2 === 0 ? WITH_PASTS : STEP_WEIGHTS;
  const world = new World(client, random.pick([3, 20, Infinity]));
  const counts = { takeOvers: 0, rollBacks: 0 };
  const outcome = (violation: string | null): Outcome => ({ seed, violation, ...counts });
  try {
    for (let i = 0; i < STEPS; i++) {
      const step = random.weighted(weights);
      if (step === 'takeOver') counts.takeOvers++;
      if (step === 'rollBack') counts.rollBacks++;
      await play(world, step, random);
    }
    const unkept = await settle(world, client);
    if (unkept) return outcome(`at rest, before the last bars: ${unkept}`);
    if (world.halted) return outcome(`halted: ${JSON.stringify(world.halted)}`);
    return outcome(await violationIn(client, TAG, world.input, world.provider.accepted, world.provider.corrected));
  } catch (error) {
    return outcome(String(error));
  } finally {
    await world.close();
  }
}

async function play(world: World, step: keyof typeof STEP_WEIGHTS, random: Random): Promise<void> {
  const someone = random.pick(world.processes);
  const idle = world.idle.length > 0 ? random.pick(world.idle) : null;
  const fault = random.weighted(FAULT_WEIGHTS);
  someone.tuning.latestEveryMs = random.pick([0, Infinity]);
  switch (step) {
    case 'append': {
      const bars = Array.from({ length: 1 + random.below(6) }, () => random.pick(SYMBOLS));
      return world.provider.append(bars, random.chance(0.15));
    }
    case 'warm': {
      const sentTwice = random.chance(0.15);
      return world.provider.warm(random.pick(SYMBOLS), random.below(3), random.below(5) - 3, sentTwice);
    }
    case 'correct': {
      const again = random.chance(0.3);
      return world.provider.correct(random.pick(SYMBOLS), random.below(5), random.below(3), again, random.chance(0.15));
    }
    case 'configure':
      return world.provider.configure();
    case 'work':
      if (idle) await world.work(idle, 1 + random.below(4), fault);
      return;
    case 'save':
      return idle ? world.save(idle, 1 + random.below(3), fault) : undefined;
    case 'letGo':
      return world.letGo(someone);
    case 'takeOver':
      return world.takeOver(someone);
    case 'release':
      return idle ? world.release(idle) : undefined;
    case 'steal':
      return void (await world.read(1 + random.below(3)));
    case 'audit':
      return world.audit();
    case 'dump':
      return world.dump();
    case 'rollBack':
      return world.rollBack(random.below(3));
    case 'loseInput':
      return loseInput(world, random);
    case 'loseCommit':
      return loseCommit(world, random);
    case 'loseSave':
      return loseSave(world, random);
  }
}

/** Input is lost and written anew, under the same offset, while a commit that has folded it is on its way. */
async function loseInput(world: World, random: Random): Promise<void> {
  const process = world.idle.length > 0 ? random.pick(world.idle) : null;
  if (!process) return;
  await world.dump();
  await world.provider.append([random.pick(SYMBOLS)], false);
  await world.work(process, 10, 'held');
  await world.rollBack(0);
  await world.provider.append([random.pick(SYMBOLS), random.pick(SYMBOLS)], false);
  await world.letGo(process);
}

/** A commit is lost, while the next one of the same process is on its way. */
async function loseCommit(world: World, random: Random): Promise<void> {
  const process = world.idle.length > 0 ? random.pick(world.idle) : null;
  if (!process) return;
  for (let entry = 0; entry < 2; entry++) await world.provider.append([random.pick(SYMBOLS)], false);
  await world.dump();
  await world.work(process, 1, 'none');
  await world.work(process, 1, 'held');
  await world.rollBack(0);
  await world.letGo(process);
}

/** A save is lost, somebody else takes over and saves something else; who had saved goes on as if nothing had happened. */
async function loseSave(world: World, random: Random): Promise<void> {
  const process = world.idle.length > 0 ? random.pick(world.idle) : null;
  const heir = random.pick(world.processes.filter((other) => other !== process));
  if (!process || heir.faulty.holds) return;
  await world.provider.append([random.pick(SYMBOLS), random.pick(SYMBOLS)], false);
  await world.work(process, 10, 'none');
  await world.dump();
  await world.save(process, SYMBOLS.length, 'none');
  await world.rollBack(0);
  await world.takeOver(heir);
  await world.save(heir, 1, 'none');
  await world.provider.append([random.pick(SYMBOLS)], false);
  await world.work(process, 10, 'none');
}

/**
 * All that is under way arrives and one owner finishes: what is stored then is asked for, because later bars would cover up what is missing.
 * Then every series moves once more and corrections are looked after, so that losses come to light.
 * @returns what is wrong before the last bars, null when nothing is
 */
async function settle(world: World, client: RedisClient): Promise<string | null> {
  for (const process of world.processes) await world.letGo(process);
  await finish(world);
  const unkept = await storedViolation(client, TAG, world.input);
  await world.provider.append(SYMBOLS, false);
  await world.provider.correctAgain();
  await finish(world);
  return unkept;
}

/** One owner takes the partition, folds what is left and gives it away. */
async function finish(world: World): Promise<void> {
  const [owner] = world.processes as [(typeof world.processes)[number]];
  await world.takeOver(owner);
  for (let reads = 0; (await world.standing()).off < (await world.standing()).tail; reads++) {
    if (reads > MOST_READS) throw new Error(`stuck at ${JSON.stringify(await world.standing())}`);
    if ((await world.work(owner, 10, 'none')) === 0) await world.audit();
    const state = owner.runner?.state;
    if (state !== 'idle') throw new Error(`the owner is ${state}, halted: ${JSON.stringify(world.halted)}`);
    await turn();
  }
  await world.release(owner);
}
