/**
 * THE map: who writes a stream, which stage reads it, what its entries carry, what may be trimmed. Data goes down the list;
 * what goes back are `control` and `alert_commands`, which only the api writes. Nothing else is handed from service to service.
 */
export type App = 'ingestion' | 'calculation-worker' | 'strategy-evaluator' | 'alerting' | 'api';
export type Stage = 'calculation' | 'strategy' | 'alerting';
export type StreamName =
  'market_data_stream' | 'calculation_events_stream' | 'signal_stream' | 'alert_stream' | 'control' | 'alert_commands';
export type EntryKind =
  'bar' | 'forming' | 'control' | 'gap' | 'system' | 'warmup' | 'correction' | 'signal' | 'alert' | 'command';

export interface StageSpec {
  readonly app: App;
  readonly reads: StreamName;
  readonly writes: StreamName;
  /** False: the stage may be switched off; then it is no registered reader and holds nothing back. */
  readonly required: boolean;
}

export interface Retention {
  /** Nothing is trimmed that the slowest of the stream's reader stages may still replay. */
  readonly behind: readonly Stage[];
  /** Bars (or signals, alerts, documents) kept per stream at least, if the bytes allow; REDIS_STREAMS_MAXLEN overrides it. */
  readonly maxBars: number;
  /** Bytes of payload kept per stream. */
  readonly maxBytes: number;
}

export interface StreamSpec {
  readonly writer: App;
  /** The app that appends, by a script of its own beside the writer's commits, what it sees of the system. */
  readonly observer?: App;
  /** Stages that read it through a consumer group. */
  readonly readers: readonly Stage[];
  /** The app whose processes share its entries through a group, without a state of their own. */
  readonly worker?: App;
  /** Apps that follow it without a group: they show, they do not process. */
  readonly tails: readonly App[];
  /** `data` of an entry: bar, signal, system and alert are JSON arrays of events, the others one JSON document. */
  readonly kinds: readonly EntryKind[];
  /** True: one stream per partition, `name:{tag}`. */
  readonly partitioned: boolean;
  readonly retention: Retention;
}

const MiB = 1024 * 1024;

export const stages: Readonly<Record<Stage, StageSpec>> = {
  calculation: {
    app: 'calculation-worker',
    reads: 'market_data_stream',
    writes: 'calculation_events_stream',
    required: true,
  },
  strategy: {
    app: 'strategy-evaluator',
    reads: 'calculation_events_stream',
    writes: 'signal_stream',
    required: true,
  },
  alerting: { app: 'alerting', reads: 'signal_stream', writes: 'alert_stream', required: false },
};

export const streams: Readonly<Record<StreamName, StreamSpec>> = {
  market_data_stream: {
    writer: 'ingestion',
    readers: ['calculation'],
    tails: ['api'],
    kinds: ['bar', 'forming', 'control', 'gap', 'system', 'warmup', 'correction'],
    partitioned: true,
    retention: { behind: ['calculation'], maxBars: 10_000, maxBytes: 16 * MiB },
  },
  calculation_events_stream: {
    writer: 'calculation-worker',
    readers: ['strategy'],
    tails: ['api'],
    kinds: ['bar', 'control', 'gap', 'system', 'warmup', 'correction'],
    partitioned: true,
    retention: { behind: ['strategy'], maxBars: 10_000, maxBytes: 32 * MiB },
  },
  signal_stream: {
    writer: 'strategy-evaluator',
    observer: 'alerting',
    readers: ['alerting'],
    tails: ['api'],
    kinds: ['signal', 'control', 'gap', 'system'],
    partitioned: true,
    retention: { behind: ['alerting'], maxBars: 10_000, maxBytes: 16 * MiB },
  },
  alert_stream: {
    writer: 'alerting',
    readers: [],
    tails: ['api'],
    kinds: ['alert', 'control'],
    partitioned: true,
    retention: { behind: [], maxBars: 10_000, maxBytes: 16 * MiB },
  },
  control: {
    writer: 'api',
    readers: [],
    tails: ['ingestion', 'strategy-evaluator', 'alerting', 'api'],
    kinds: ['control'],
    partitioned: false,
    retention: { behind: [], maxBars: 100, maxBytes: 16 * MiB },
  },
  alert_commands: {
    writer: 'api',
    readers: [],
    worker: 'alerting',
    tails: [],
    kinds: ['command'],
    partitioned: false,
    retention: { behind: [], maxBars: 1_000, maxBytes: 16 * MiB },
  },
};

/** The stages that read what this stage writes. */
export function readersOf(stage: Stage): readonly Stage[] {
  return streams[stages[stage].writes].readers;
}
