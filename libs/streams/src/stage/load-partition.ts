import type { StagePosition } from '../protocol/scripts';
import { Committer, type CommitterParts } from './committer';
import { HistoryWriter } from './history-writer';
import { PartitionFolder, type LetterListener } from './partition-folder';
import type { PartitionStore } from './partition-store';
import type { PartitionProcessor } from './processor';
import { replayInput, type Replayed } from './replay-input';
import { Retention } from './retention';
import type { StageTuning } from './stage-options';

/** A partition as it is in memory. */
export interface LoadedPartition<Item extends { readonly cell: string }> extends Replayed {
  readonly processor: PartitionProcessor<Item>;
  readonly folder: PartitionFolder<Item>;
  readonly committer: Committer<Item>;
}

/** Takes the snapshot at a position and folds what was committed behind it. */
export async function loadPartition<Item extends { readonly cell: string }>(
  parts: Omit<CommitterParts<Item>, 'folder' | 'processor'>,
  store: PartitionStore,
  { epoch, off, snap, snapBars, out, outBars, seq }: StagePosition,
  onDeadLetter: LetterListener,
): Promise<LoadedPartition<Item>> {
  const { options, tuning, partition, tag } = parts;
  const processor = options.createProcessor(partition, tag);
  const history: HistoryWriter = new HistoryWriter(tag, () => historyRows(tuning, history.seriesCount));
  const at = { offset: snap, bars: snapBars };
  const retention = new Retention(tuning);
  const folder = new PartitionFolder(processor, history, options.outKind, at, onDeadLetter, retention);
  const committer = new Committer({ ...parts, folder, processor }, { epoch, off, outBars, seq });
  const reads = [
    store.cells(),
    store.historyPositions(),
    store.landmarks('input', snap),
    committer.trimsOutput ? store.landmarks('output', out) : [],
  ] as const;
  const [cells, positions, landmarks, outLandmarks] = await Promise.all(reads);
  // What those before us have left counts too: owners may change more often than anything grows old.
  for (const { offset, bars, bytes } of landmarks) retention.note(offset, bars, bytes);
  for (const { offset, bars, bytes } of outLandmarks) committer.outRetention.note(offset, bars, bytes);
  for (const [series, position] of positions) history.load(series, position);
  for (const [cell, { offset, bytes }] of cells) folder.loadCell(cell, offset, bytes);
  return { processor, folder, committer, ...(await replayInput(store, folder, off)) };
}

/** Rows kept per series: the wanted number, or a fair share of the partition's budget. */
function historyRows({ historyRows, historyRowsPerPartition }: StageTuning, seriesCount: number): number {
  return Math.max(1, Math.min(historyRows, Math.floor(historyRowsPerPartition / Math.max(1, seriesCount))));
}
