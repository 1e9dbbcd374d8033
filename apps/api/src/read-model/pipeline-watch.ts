import type { StageName } from '@wagehood/streams';
import { MicroCache } from './micro-cache';
import { readPipeline, type PipelineSnapshot, type SnapshotReader } from './stage-snapshot';

const SAMPLE_MS = 5_000;
const KEPT_SAMPLES = 3;
const FRESH_MS = 250;

/** Keeps the last few snapshots, so that rates can be told at once. */
export interface PipelineWatch {
  start(): void;
  stop(): void;
  /** Now, and the oldest one kept. */
  snapshots(): Promise<{ readonly newest: PipelineSnapshot; readonly oldest: PipelineSnapshot }>;
}

export function createPipelineWatch(reader: SnapshotReader, stages: () => readonly StageName[]): PipelineWatch {
  const fresh = new MicroCache<PipelineSnapshot>(FRESH_MS, 1);
  const samples: PipelineSnapshot[] = [];
  let timer: NodeJS.Timeout | null = null;

  const take = async (): Promise<PipelineSnapshot> => fresh.get('pipeline', () => readPipeline(reader, stages()));
  const sample = async (): Promise<void> => {
    samples.push(await take());
    if (samples.length > KEPT_SAMPLES) samples.shift();
  };

  return {
    start() {
      const quietly = (): void => void sample().catch(() => undefined); // who asks meanwhile is told that Redis is away
      quietly();
      timer = setInterval(quietly, SAMPLE_MS);
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
    async snapshots() {
      const newest = await take();
      return { newest, oldest: samples[0] ?? newest };
    },
  };
}
