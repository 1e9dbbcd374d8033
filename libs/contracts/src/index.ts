export {
  alertSchema,
  alertStatus,
  parseAlert,
  parseAlerts,
  severity,
  type Alert,
  type AlertStatus,
  type Severity,
} from './messages/alert';
export { alertCommandSchema, parseAlertCommand, type AlertCommand } from './messages/alert-command';
export {
  barEventOf,
  barEventSchema,
  barOf,
  barEventSlot,
  barSlot,
  parseBarEvents,
  type BarEvent,
  type BarEventSlot,
  type BarSlot,
} from './messages/bar-event';
export { calculationEventSchema, parseCalculationEvents, type CalculationEvent } from './messages/calculation-event';
export { controlDocumentSchema, parseControlDocument, type ControlDocument } from './messages/control-document';
export {
  correctionEntrySchema,
  correctionEventsSchema,
  parseCorrectionEntry,
  parseCorrectionEvents,
  type CorrectionEntry,
  type CorrectionEvents,
} from './messages/correction-entry';
export { deadLetterSchema, parseDeadLetter, type DeadLetter } from './messages/dead-letter';
export { type IndicatorValue, type IndicatorValues, type Side } from './messages/fields';
export { gapEntrySchema, parseGapEntry, type GapEntry } from './messages/gap-entry';
export {
  batchParser,
  messageParser,
  parseJson,
  type ElementFault,
  type Parsed,
  type ParsedBatch,
} from './messages/parse-message';
export { parseSignal, parseSignals, signalSchema, type Signal } from './messages/signal';
export { fromTable, readBatch } from './messages/table';
export { parseSystemEvents, systemEventSchema, type SystemEvent } from './messages/system-event';
export {
  parseWarmupEntry,
  parseWarmupEvents,
  warmupEntrySchema,
  warmupEventsSchema,
  type WarmupEntry,
  type WarmupEvents,
} from './messages/warmup-entry';
export {
  readersOf,
  stages,
  streams,
  type App,
  type EntryKind,
  type Retention,
  type Stage,
  type StageSpec,
  type StreamName,
  type StreamSpec,
} from './topology';
export {
  alertPath,
  alertsQuery,
  alertsResponse,
  httpAlert,
  kindOf,
  listedAlert,
  resendRequest,
  resendResponse,
  toHttpAlert,
  type AlertsQuery,
  type HttpAlert,
  type ListedAlert,
  type ResendRequest,
} from './http/alerts';
export {
  deadLetterPath,
  deadLetterResponse,
  deadLettersQuery,
  deadLettersResponse,
  deadLetterSummary,
  placeOfLetter,
  toHttpDeadLetter,
  type DeadLetterResponse,
  type DeadLettersQuery,
  type DeadLetterSummary,
  type LetterPlace,
} from './http/dead-letters';
export {
  historicalBar,
  historicalQuery,
  historicalResponse,
  type HistoricalBar,
  type HistoricalQuery,
  type HistoricalResponse,
} from './http/historical';
export { toTime } from './http/fields';
export { healthResponse, type HealthResponse } from './http/health';
export {
  indicatorsResponse,
  latestResponse,
  seriesQuery,
  symbolPath,
  type IndicatorSeries,
  type IndicatorsResponse,
  type LatestResponse,
  type LatestSeries,
} from './http/indicators';
export { parseRequest, type ParsedRequest, type RequestPart } from './http/parse-request';
export { problemSchema, type Problem, type ProblemError } from './http/problem';
export {
  httpSignal,
  signalsQuery,
  signalsResponse,
  toHttpSignal,
  type HttpSignal,
  type SignalsQuery,
  type SignalsResponse,
} from './http/signals';
export { fleetView, type FleetProcess, type FleetService, type FleetView } from './http/fleet';
export { stageStats, statsResponse, type StageStats, type StatsResponse } from './http/stats';
export {
  channels,
  streamEvent,
  streamQuery,
  type AlertEvent,
  type IndicatorEvent,
  type PriceEvent,
  type SignalEvent,
  type StreamChannel,
  type StreamEvent,
  type StreamQuery,
} from './http/stream-event';
export {
  watchlistItem,
  watchlistRequest,
  watchlistResponse,
  type WatchlistItem,
  type WatchlistRequest,
  type WatchlistResponse,
} from './http/watchlist';
