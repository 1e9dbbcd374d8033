import type { ControlDocument } from '@wagehood/contracts';
import { lastKey, membersKey, stageKey, stageNames, stateKey, tailSource, type StageName } from '../layout/keys';
import type { RedisClient } from '../redis/connect';
import { CONTROL_CELL, ControlTimeline } from '../stage/control-timeline';
import { unpackState } from '../stage/partition-store';
import { nodesOf } from './scan';

/** Where a stage stands, all partitions together. */
export interface StageSurvey {
  readonly stage: StageName;
  /** Whether it has ever run. */
  readonly exists: boolean;
  readonly epoch: number;
  readonly version: number;
  /** The configuration that it follows; null when it has none yet. */
  readonly document: ControlDocument | null;
}

/** What must be known before anything moves. */
export interface Survey {
  /** Beyond the offset of every entry of every stream, so that no old position is taken for a new one. */
  readonly base: number;
  /** Version of the configuration in the logs; null when there is none yet. */
  readonly control: string | null;
  readonly stages: readonly StageSurvey[];
  /** Why nothing may move now. */
  readonly obstacles: readonly string[];
}

export async function surveyPartitions(client: RedisClient, tags: readonly string[]): Promise<Survey> {
  const obstacles = [...(await liveMembers(client)), ...(await liveConnections(client))];
  const heads = await Promise.all(tags.map((tag) => client.hmget(lastKey(tag), '#', '#control')));
  const controls = new Set(heads.map(([, control]) => control ?? null));
  const stages: StageSurvey[] = [];
  let base = Math.max(0, ...heads.map(([tail]) => Number(tail ?? 0)));
  for (const stage of stageNames) {
    const found = await surveyStage(client, stage, tags);
    stages.push(found);
    obstacles.push(...found.obstacles);
    base = Math.max(base, found.out);
  }
  if (controls.size > 1)
    obstacles.push('a configuration has entered some of the logs only: start ingestion once more and let it finish');
  return { base: base === 0 ? 0 : base + 1, control: [...controls][0] ?? null, stages, obstacles };
}

// ── who is there ───────────────────────────────────────────────────────────────────────────────────────────────────

async function liveMembers(client: RedisClient): Promise<string[]> {
  const [seconds] = await client.time();
  const found = await Promise.all(
    ['ingestion', ...stageNames].map(async (stage) => {
      const live = await client.zcount(membersKey(stage), `${Number(seconds)}000`, '+inf');
      return live > 0 ? [`${stage} is running (${live} live)`] : [];
    }),
  );
  return found.flat().map((who) => `${who}: end every service first`);
}

const SERVICE =
  / name=wagehood-(ingestion|calculation-worker|strategy-evaluator|alerting|api)-(?:commands|blocking|queue) /g;

/** Whoever is connected may write later, even if it is suspended now; who may not ask has the members alone. */
async function liveConnections(client: RedisClient): Promise<string[]> {
  const lists = await Promise.all(
    nodesOf(client).map((node) => (node.client('LIST') as Promise<string>).catch(() => '')),
  );
  const names = new Set(lists.flatMap((list) => Array.from(list.matchAll(SERVICE), ([, name]) => name)));
  return [...names].map((name) => `${name} is connected: end every service first`);
}

// ── what is done ───────────────────────────────────────────────────────────────────────────────────────────────────

async function surveyStage(client: RedisClient, stage: StageName, tags: readonly string[]) {
  const all = await Promise.all(tags.map((tag) => surveyPartition(client, stage, tag)));
  const exists = all.some((one) => one.exists);
  const documents = all.map(({ document }) => document);
  const isOff = stage === 'alerting' && !exists;
  const behind = isOff ? 0 : sum(all.map(({ off, tail }) => Number(off < tail)));
  const unsaved = sum(all.map(({ snap, off }) => Number(snap < off)));
  const obstacles: string[] = [];
  if (behind > 0) obstacles.push(`${stage} has input left in ${behind} of ${tags.length} partitions: start it and let it finish`); // prettier-ignore
  if (unsaved > 0) obstacles.push(`${stage} has not saved ${unsaved} of ${tags.length} partitions: start it and end it by SIGTERM`); // prettier-ignore
  if (new Set(documents.map((document) => document?.version)).size > 1)
    obstacles.push(`${stage} follows more than one configuration: start every service once more and let them finish`);
  return {
    stage,
    exists,
    obstacles,
    epoch: Math.max(...all.map(({ epoch }) => epoch)),
    version: Math.max(...all.map(({ version }) => version)),
    document: documents[0] ?? null,
    out: Math.max(...all.map(({ out, tail }) => Math.max(out, tail))),
  };
}

async function surveyPartition(client: RedisClient, stage: StageName, tag: string) {
  const tail = tailSource(stage, tag);
  const [fields, end, cell] = await Promise.all([
    client.hgetall(stageKey(stage, tag)),
    client.hget(tail.key, tail.offset),
    client.hgetBuffer(stateKey(stage, tag), CONTROL_CELL),
  ]);
  const timeline = new ControlTimeline();
  if (cell) timeline.load(unpackState(cell).bytes);
  const int = (name: string): number => Number(fields[name] ?? 0);
  return {
    exists: fields['epoch'] !== undefined,
    epoch: int('epoch'),
    version: int('ver'),
    off: int('off'),
    snap: int('snap'),
    out: int('out'),
    tail: Number(end ?? 0),
    document: timeline.latest?.document ?? null,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
