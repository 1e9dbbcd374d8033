import type { LogKey } from './cursor';
import type { TailEntry } from './expand-entry';

export interface LogBatch {
  readonly key: LogKey;
  readonly entries: readonly TailEntry[];
}

/** What `/stream` needs of the logs; bound to libs/streams in app.ts. */
export interface LogReader {
  readonly partitions: number;
  partitionOf(symbol: string): number;
  /** All entries are behind this offset; positions before it are of logs that another number of partitions had. */
  base(): Promise<number>;
  /** The last entry of each log now. */
  ends(keys: readonly LogKey[]): Promise<ReadonlyMap<LogKey, number>>;
  /** Up to `count` entries per log after the given ones, oldest first; never waits for new ones. */
  read(after: ReadonlyMap<LogKey, number>, count: number): Promise<readonly LogBatch[]>;
}
