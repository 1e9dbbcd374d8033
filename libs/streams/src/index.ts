export { createAlertCommands, type AlertCommands } from './alerts/alert-commands';
export { createAlertLog, RECENT_ALERTS, type AlertLog } from './alerts/alert-log';
export { createObservations, type Observation, type Observations } from './alerts/observations';
export { systemEventId } from './alerts/system-event-id';
export { createControl, type Control } from './control/control';
export { claimPartitions } from './layout/claim-partitions';
export {
  alertCommandsKey,
  alertsKey,
  controlDocumentKey,
  controlStreamKey,
  deadLettersKey,
  historyChunkKey,
  historyIndexKey,
  lastKey,
  latestKey,
  membersKey,
  partitionsKey,
  signalsKey,
  stageKey,
  stageLayouts,
  stageNames,
  SYSTEM_CELL,
  stateKey,
  streamKey,
  tailSource,
  tokensKey,
  undeliveredKey,
  type StageName,
  type StreamName,
} from './layout/keys';
export { limitFor, signalsKept } from './layout/limits';
export { partitionOf, partitionTag, partitionTags } from './layout/partition';
export { silentLog, type StreamsLog } from './log';
export { assign, partitionsOf } from './membership/assignment';
export { createStandAside } from './membership/stand-aside';
export { createMembership, type Membership } from './membership/membership';
export type { JsonReader } from './json/json-reader';
export { jsonPiece, JsonWriter, type JsonPiece } from './json/json-writer';
export { BAR_NUMBERS } from './wire/bar-cells';
export { BatchReader, type BatchFormat } from './wire/batch-reader';
export { barFormat, type BarText } from './wire/read-bars';
export { recordText, type RecordText } from './wire/record-text';
export {
  eventFormat,
  eventSlot,
  valuePath,
  type EventFormat,
  type EventText,
  type ValueColumn,
} from './wire/event-text';
export {
  createProducer,
  type Producer,
  type ProducerHooks,
  type ProducerOptions,
  type ProducerStats,
  type Report,
  type SeriesStanding,
} from './producer/producer';
export { Succession } from './producer/succession';
export type { CorrectionOutcome, WarmupOutcome } from './producer/past-entry';
export { parseChunk, type HistoryPage, type HistoryRange, type StreamedEvent } from './read/history-reader';
export { createReader, type KeptLetter, type Reader } from './read/reader';
export type { PartitionStats } from './read/stage-stats';
export { createTail, type Tail, type TailCursor, type TailEntry } from './read/tail';
export { connectRedis, queueConnection, type RedisClient, type RedisLink } from './redis/connect';
export { describeTarget } from './redis/describe';
export { memoryUse } from './redis/memory-use';
export { repartition, type RepartitionOptions, type RepartitionReport } from './repartition/repartition';
export { isRetriable, redisFault, StartError, type RedisFault } from './redis/errors';
export { logEntry, parseEntry, type LogEntry } from './stage/log-entry';
export type { DeadLetter, Outbox, PartitionProcessor } from './stage/processor';
export {
  defaultTuning,
  LATEST_WITHIN_MS,
  tuningFor,
  tuningForRetention,
  type StageEvent,
  type StageOptions,
  type StageTuning,
} from './stage/stage-options';
export type { PartitionStanding } from './stage/partition-store';
export { createStageWorker, type PartitionStatus, type StageStatus, type StageWorker } from './stage/stage-worker';
export { readControlDocument } from './stage/control-document';
export { CONTROL_CELL, ControlTimeline, type ControlPoint } from './stage/control-timeline';
