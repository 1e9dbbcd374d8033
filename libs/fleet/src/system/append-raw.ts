import { lastKey, partitionOf, partitionTag, stageKey, streamKey, tokensKey } from '@wagehood/streams';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../process/workspace-root';
import type { System } from './system';

const script = (): string => readFileSync(join(workspaceRoot, 'libs/streams/src/lua/append.lua'), 'utf8');

/** One bar that takes its place in a series, as ingestion would announce it. */
export interface Place {
  readonly series: string;
  /** Null: it is the first of its series. */
  readonly previous: number | null;
  readonly time: number;
}

export interface RawEntry {
  /** The entry goes to the log in which this symbol lives. */
  readonly symbol: string;
  readonly kind: string;
  readonly data: string;
  readonly bars: number;
  readonly places?: readonly Place[];
}

/** Appends anything at all to the log, by the protocol's own script: what a faulty or hostile producer could do. */
export async function appendRaw(system: System, { symbol, kind, data, bars, places = [] }: RawEntry): Promise<void> {
  const tag = partitionTag(partitionOf(symbol, system.partitions), system.partitions);
  const log = 'market_data_stream';
  const keys = [streamKey(log, tag), lastKey(tag), tokensKey(log, tag), stageKey('calculation', tag)];
  const runs = places.flatMap(({ series, previous, time }) => [
    series,
    time,
    previous === null ? 0 : time - previous,
    0,
  ]);
  const reply = await system.link.commands.eval(
    script(),
    keys.length,
    ...keys,
    1e9,
    kind,
    data,
    bars,
    JSON.stringify(runs),
  );
  const [status] = reply as unknown[];
  if (status !== 'OK') throw new Error(`the log refused the entry: ${JSON.stringify(reply)}`);
}
