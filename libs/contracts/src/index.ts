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
export { barEventSchema, parseBarEvents, type BarEvent } from './messages/bar-event';
export { calculationEventSchema, parseCalculationEvents, type CalculationEvent } from './messages/calculation-event';
export { controlDocumentSchema, parseControlDocument, type ControlDocument } from './messages/control-document';
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
