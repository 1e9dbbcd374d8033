/** Every Redis key of the product is built here. `tag` is a partition's hash tag (see partition.ts). */

/** The three stages a bar passes, in order. */
export type StageName = 'calculation' | 'strategy' | 'alerting';

export const stageNames: readonly StageName[] = ['calculation', 'strategy', 'alerting'];

/** Streams of a partition, by public name. */
export type StreamName = 'market_data_stream' | 'calculation_events_stream' | 'signal_stream' | 'alert_stream';

export const streamKey = (stream: StreamName, tag: string): string => `${stream}:{${tag}}`;
/** List: the token of each entry of a stream, oldest first; the last one is the tail's. */
export const tokensKey = (stream: StreamName, tag: string): string => `${stream}:{${tag}}:tokens`;
/** What a key's slot follows from: the text between its braces. */
export const hashTagOf = (key: string): string => /\{([^}]+)\}/.exec(key)?.[1] ?? key;
/**
 * Hash: series → last accepted open time; '#' → tail offset, '#bars' → bars ever appended, '#control' → version of the
 * configuration in force at the tail, '#warm|' + series → version under which all that is computed of it has seen its past,
 * '#rev|' + series → its newest corrected bars: JSON array of open time and revision, …, oldest first, '#about' → what this is,
 * in words.
 */
export const lastKey = (tag: string): string => `market_data_stream:{${tag}}:last`;
export const WARM_MARK = '#warm|';
export const REVISIONS_MARK = '#rev|';
/** Hash: epoch, owner, off, offBars, snap, snapBars, out, outBars, att, attoff, ver, probe, idle (while switched off). */
export const stageKey = (stage: StageName, tag: string): string => `${stage}:{${tag}}`;
/** Hash: cell key → 8-byte float64 offset followed by the cell's state. */
export const stateKey = (stage: StageName, tag: string): string => `${stage}:{${tag}}:state`;
export const deadLettersKey = (stage: StageName, tag: string): string => `${stage}:{${tag}}:dead-letters`;
/** The cell of alerting that is the partition's own and no symbol's (those are upper case): what it lately told of the system. */
export const SYSTEM_CELL = 'system';
/** Hash: series → JSON of the latest event. */
export const latestKey = (tag: string): string => `latest:{${tag}}`;
/** Hash: series → position of its history chunks. */
export const historyIndexKey = (tag: string): string => `history:{${tag}}`;
export const historyChunkKey = (tag: string, series: string, chunk: number): string =>
  `history:{${tag}}:${series}:${chunk}`;
/** List of the newest signals of a symbol, oldest first. */
export const signalsKey = (tag: string, symbol: string): string => `history:{${tag}}:signals:${symbol}`;
/** List of the newest alerts of a partition, oldest first; one that is settled comes again. */
export const alertsKey = (tag: string): string => `history:{${tag}}:alerts`;
/** Sorted set: what was told of an alert after its signal's commit → ms, so that nothing is told twice. */
export const alertsToldKey = (tag: string): string => `alerting:{${tag}}:told`;
/** Sorted set: what is seen of the system as a whole → ms of the last sight, so that it is told once. */
export const conditionsKey = (tag: string): string => `alerting:{${tag}}:conditions`;
/** Hash: alert id → the alert, for those that were given up; and the same ids by time. */
export const undeliveredKey = (tag: string): string => `alerting:{${tag}}:undelivered`;
export const undeliveredOrderKey = (tag: string): string => `alerting:{${tag}}:undelivered-order`;
/** Sorted set: process id → heartbeat deadline in ms of the server's clock. */
export const membersKey = (stage: string): string => `members:{${stage}}`;

export const controlDocumentKey = 'control:{control}:document';
export const controlStreamKey = 'control:{control}';
export const alertCommandsKey = 'alert_commands:{alerting}';
export const partitionsKey = 'partitions';

/** What each stage reads and writes, and where the tail of its input is counted. */
export interface StageLayout {
  readonly stage: StageName;
  readonly input: StreamName;
  readonly output: StreamName;
  /** The stage that reads our output: its snapshot bounds what may be trimmed and how far we may run ahead. */
  readonly reader: StageName | null;
}

export const stageLayouts: Readonly<Record<StageName, StageLayout>> = {
  calculation: {
    stage: 'calculation',
    input: 'market_data_stream',
    output: 'calculation_events_stream',
    reader: 'strategy',
  },
  strategy: { stage: 'strategy', input: 'calculation_events_stream', output: 'signal_stream', reader: 'alerting' },
  alerting: { stage: 'alerting', input: 'signal_stream', output: 'alert_stream', reader: null },
};

/** Hash and fields that hold the tail (offset, bars) of a stage's input. */
export function tailSource(stage: StageName, tag: string): { key: string; offset: string; bars: string } {
  if (stage === 'calculation') return { key: lastKey(tag), offset: '#', bars: '#bars' };
  const writer: StageName = stage === 'strategy' ? 'calculation' : 'strategy';
  return { key: stageKey(writer, tag), offset: 'out', bars: 'outBars' };
}
