import {
  deadLettersKey,
  historyIndexKey,
  latestKey,
  stageKey,
  stageLayouts,
  stateKey,
  streamKey,
  tailSource,
  tokensKey,
  type StageName,
} from '../layout/keys';
import type { ScriptArgument } from '../redis/script-command';
import type { HistoryFlush } from './history-writer';
import type { OutEntry } from './outbox';

/** Place in ARGV of what may change while a commit waits for its reader. */
export const READERS_OFF = 25;

/** Everything that one COMMIT moves. */
export interface CommitParts {
  readonly epoch: number;
  readonly me: string;
  /** Number of this commit. */
  readonly seq: number;
  readonly prev: number;
  readonly last: number;
  readonly token: string;
  /** Token of the bar's own entry, whose way began earliest. */
  readonly origin: string;
  readonly offBars: number;
  readonly snap: { readonly offset: number; readonly bars: number };
  readonly trimBefore: number;
  /** The first entry of the output to keep where no reader trims it, 0: whichever. */
  readonly outFrom: number;
  readonly outs: readonly OutEntry[];
  readonly latest: readonly (readonly [string, string | Buffer])[];
  readonly states: readonly (readonly [string, Buffer])[];
  readonly hidden: readonly string[];
  readonly letters: readonly string[];
  readonly history: HistoryFlush;
  /** What is appended to lists: key → how many newest to keep, and the new ones. */
  readonly lists: ReadonlyMap<string, { readonly keep: number; readonly jsons: readonly (string | Buffer)[] }>;
}

export interface CommitTarget {
  readonly stage: StageName;
  readonly tag: string;
  readonly group: string;
  readonly readers: readonly StageName[];
  /** True while the readers are switched off. */
  readonly readersOff?: boolean;
  readonly outLimitBars: number;
  readonly outKeepEntries: number;
}

/** Lays the parts out as the KEYS and ARGV that commit.lua documents. */
export function commitCall(target: CommitTarget, parts: CommitParts): { keys: string[]; args: ScriptArgument[] } {
  const { stage, tag, readers } = target;
  const layout = stageLayouts[stage];
  const { chunks, index, dropped } = parts.history;
  const tail = tailSource(stage, tag);
  const keys = [
    stageKey(stage, tag),
    streamKey(layout.input, tag),
    streamKey(layout.output, tag),
    latestKey(tag),
    stateKey(stage, tag),
    deadLettersKey(stage, tag),
    historyIndexKey(tag),
    tokensKey(layout.input, tag),
    tail.key,
    tokensKey(layout.output, tag),
    ...readers.map((reader) => stageKey(reader, tag)),
    ...chunks.map(([key]) => key),
    ...dropped,
    ...parts.lists.keys(),
  ];
  const args: ScriptArgument[] = [
    parts.epoch, parts.me, parts.prev, parts.last, parts.token, parts.offBars, target.group, target.outLimitBars,
    parts.snap.offset, parts.snap.bars, parts.trimBefore, target.outKeepEntries,
    readers.length, parts.outs.length, parts.hidden.length, parts.latest.length, parts.states.length, parts.letters.length,
    chunks.length, index.length, dropped.length, parts.lists.size, parts.seq, tail.offset, parts.origin,
    target.readersOff ? 1 : 0, parts.outFrom,
  ]; // prettier-ignore
  for (const { kind, data, bars } of parts.outs) args.push(kind, data, bars);
  args.push(...parts.hidden);
  for (const pair of parts.latest) args.push(...pair);
  for (const pair of parts.states) args.push(...pair);
  args.push(...parts.letters);
  for (const [, bytes] of chunks) args.push(bytes);
  for (const pair of index) args.push(...pair);
  for (const { keep, jsons } of parts.lists.values()) args.push(keep, jsons.length, ...jsons);
  return { keys, args };
}
