import {
  alertsKey,
  alertsToldKey,
  conditionsKey,
  deadLettersKey,
  historyIndexKey,
  lastKey,
  latestKey,
  stageKey,
  stageNames,
  stateKey,
  streamKey,
  tokensKey,
  undeliveredKey,
  undeliveredOrderKey,
  type StageName,
  type StreamName,
} from '../layout/keys';

/** What a key of a partition holds, as far as a move is concerned. */
export type KeyShape =
  /** A stream that has been worked off, its tokens, or the standing of a stage: made anew. */
  | { readonly holds: 'progress' }
  | { readonly holds: 'fields'; readonly kind: HashKind }
  | { readonly holds: 'chunk'; readonly series: string; readonly chunk: number }
  | { readonly holds: 'signals'; readonly symbol: string }
  | { readonly holds: 'alerts' | 'told' | 'undelivered' }
  | { readonly holds: 'letters'; readonly stage: StageName };

/** Hashes whose fields are series, symbols or, with a leading '#', the partition's own. */
export type HashKind = 'last' | 'latest' | 'index' | `state of ${StageName}`;

export const hashKinds: readonly HashKind[] = [
  'last',
  'latest',
  'index',
  ...stageNames.map((stage) => `state of ${stage}` as const),
];

export function hashKey(kind: HashKind, tag: string): string {
  if (kind === 'last') return lastKey(tag);
  if (kind === 'latest') return latestKey(tag);
  if (kind === 'index') return historyIndexKey(tag);
  return stateKey(kind.slice('state of '.length) as StageName, tag);
}

const streams: readonly StreamName[] = [
  'market_data_stream',
  'calculation_events_stream',
  'signal_stream',
  'alert_stream',
];

/** Null: no key of ours. What is not known cannot be moved, and must not be left behind. */
export function shapeOf(key: string, tag: string): KeyShape | null {
  const exact = exactShapes(tag).get(key);
  if (exact) return exact;
  const history = `${historyIndexKey(tag)}:`;
  if (!key.startsWith(history)) return null;
  const rest = key.slice(history.length);
  if (rest.startsWith('signals:')) return { holds: 'signals', symbol: rest.slice('signals:'.length) };
  const match = /^(.+\|[^|:]+):(\d+)$/.exec(rest);
  return match ? { holds: 'chunk', series: match[1] as string, chunk: Number(match[2]) } : null;
}

const tables = new Map<string, ReadonlyMap<string, KeyShape>>();

function exactShapes(tag: string): ReadonlyMap<string, KeyShape> {
  let table = tables.get(tag);
  if (!table) {
    table = new Map<string, KeyShape>([
      ...streams.flatMap((name) => [streamKey(name, tag), tokensKey(name, tag)].map(progress)),
      ...stageNames.map((stage) => progress(stageKey(stage, tag))),
      ...hashKinds.map((kind) => [hashKey(kind, tag), { holds: 'fields', kind }] as const),
      ...stageNames.map((stage) => [deadLettersKey(stage, tag), { holds: 'letters', stage }] as const),
      [alertsKey(tag), { holds: 'alerts' }],
      [alertsToldKey(tag), { holds: 'told' }],
      [undeliveredKey(tag), { holds: 'undelivered' }],
      progress(conditionsKey(tag)),
      progress(undeliveredOrderKey(tag)), // moves with the alerts that it puts in order
    ]);
    tables.set(tag, table);
  }
  return table;
}

const progress = (key: string) => [key, { holds: 'progress' }] as const;
