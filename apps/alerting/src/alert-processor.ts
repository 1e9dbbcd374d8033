import type { RuleSettings, Settings } from '@wagehood/config';
import {
  parseGapEntry,
  parseSignals,
  parseSystemEvents,
  type Alert,
  type ControlDocument,
  type ElementFault,
  type Signal,
  type SystemEvent,
} from '@wagehood/contracts';
import {
  alertsKey,
  CONTROL_CELL,
  ControlTimeline,
  type LogEntry,
  type Outbox,
  type PartitionProcessor,
  RECENT_ALERTS,
  SYSTEM_CELL,
  readControlDocument,
} from '@wagehood/streams';
import { alertsOfEvent, eventOfGap } from './alert-of-event';
import { alertsOfSignal } from './alert-of-signal';
import type { Delivery } from './delivery-queue';
import { emptyEventState, matchEvent, type EventState } from './match-events';
import { matchRules, pruneCooldowns, type Cooldowns } from './match-rules';

export type AlertItem =
  | {
      readonly kind: 'control';
      readonly cell: typeof CONTROL_CELL;
      readonly document: ControlDocument;
      readonly json: string;
    }
  | { readonly kind: 'signal'; readonly cell: string; readonly signal: Signal }
  | { readonly kind: 'system'; readonly cell: typeof SYSTEM_CELL; readonly event: SystemEvent }
  | { readonly kind: 'fault'; readonly cell: '#fault'; readonly payload: unknown; readonly error: string };

export interface AlertProcessorDeps {
  readonly tag: string;
  /** Queues deliveries; resolves once they are safe in the queue. Called before the commit, may be called twice. */
  readonly enqueue: (deliveries: readonly Delivery[]) => Promise<void>;
  /** The present settings, for a log whose beginning (and with it the configuration) is gone. */
  readonly fallback: () => Settings | null;
  readonly onSettings: (settings: Settings) => void;
  readonly onAlert: (alert: Alert) => void;
  /** The trace that a signal came in; absent when traces are off. */
  readonly traceparentOf?: ((signals: LogEntry) => string) | undefined;
}

/** Signals and system events of one partition → alerts. Cells: one per symbol with its cooldowns, one for system events, and the configurations of the log. */
export function createAlertProcessor(deps: AlertProcessorDeps): PartitionProcessor<AlertItem> {
  const cooldowns = new Map<string, Cooldowns>();
  let events: EventState = emptyEventState();
  const timeline = new ControlTimeline();
  let pending: Delivery[] = [];

  const onControl = (
    { document, json }: Extract<AlertItem, { kind: 'control' }>,
    offset: number,
    outbox: Outbox,
  ): void => {
    timeline.push(offset, document);
    deps.onSettings(document.settings);
    outbox.control(json);
  };
  /** None while alerts are off. */
  const rulesAt = (offset: number): readonly RuleSettings[] => {
    const settings = timeline.at(offset)?.document.settings ?? deps.fallback();
    return settings?.system.enable_alerts ? settings.alerts.rules : [];
  };
  const onEvent = (event: SystemEvent, entry: LogEntry, outbox: Outbox): void => {
    const nowMs = entry.appendedAt;
    for (const { rule, heldBack } of matchEvent(rulesAt(entry.offset), event, nowMs, events)) {
      for (const alert of alertsOfEvent(event, rule, heldBack, nowMs)) publish(alert, entry, outbox);
    }
  };
  const onSignal = (signal: Signal, entry: LogEntry, outbox: Outbox): void => {
    const rules = rulesAt(entry.offset);
    if (rules.length === 0) return;
    const cell = cooldowns.get(signal.symbol) ?? {};
    cooldowns.set(signal.symbol, cell);
    pruneCooldowns(cell, rules);
    for (const { rule, suppressed } of matchRules(rules, signal, cell)) {
      for (const alert of alertsOfSignal(signal, rule, suppressed)) publish(alert, entry, outbox);
    }
  };
  const publish = (alert: Alert, entry: LogEntry, outbox: Outbox): void => {
    if (outbox.replaying) return;
    const json = JSON.stringify(alert);
    outbox.event(json);
    outbox.list(alertsKey(deps.tag), json, RECENT_ALERTS);
    deps.onAlert(alert);
    if (alert.status !== 'pending') return;
    pending.push({ alert, tag: deps.tag, offset: entry.offset, traceparent: deps.traceparentOf?.(entry) });
  };

  return {
    load(cell, bytes) {
      if (cell !== CONTROL_CELL) {
        const state: unknown = JSON.parse(new TextDecoder().decode(bytes));
        if (cell === SYSTEM_CELL) events = state as EventState;
        else cooldowns.set(cell, state as Cooldowns);
      } else {
        timeline.load(bytes);
        if (timeline.latest) deps.onSettings(timeline.latest.document.settings);
      }
    },
    decode: decodeEntry,
    step(item, entry, outbox) {
      if (item.kind === 'fault') throw new Error(item.error);
      if (item.kind === 'control') onControl(item, entry.offset, outbox);
      else if (item.kind === 'system') onEvent(item.event, entry, outbox);
      else onSignal(item.signal, entry, outbox);
    },
    save(cell, snap) {
      if (cell === CONTROL_CELL) return timeline.save(snap);
      const state = cell === SYSTEM_CELL ? events : cooldowns.get(cell);
      return state && Object.keys(state).length > 0 ? new TextEncoder().encode(JSON.stringify(state)) : null;
    },
    describe: (item) => ({
      symbol: item.kind === 'signal' ? item.signal.symbol : null,
      timeframe: item.kind === 'signal' ? item.signal.timeframe : null,
      payload: payloadOf(item),
    }),
    async effects() {
      if (pending.length === 0) return;
      await deps.enqueue(pending);
      pending = [];
    },
  };
}

/** An entry as items; elements that are no signals become items too, so that each is dead-lettered by itself. */
function decodeEntry({ kind, data }: LogEntry): readonly AlertItem[] {
  if (kind === 'control') {
    return [{ kind: 'control', cell: CONTROL_CELL, document: readControlDocument(data), json: data }];
  }
  if (kind === 'gap') {
    const parsed = parseGapEntry(data);
    if (!parsed.ok) throw new Error(`gap: ${parsed.error}`);
    return [{ kind: 'system', cell: SYSTEM_CELL, event: eventOfGap(parsed.value) }];
  }
  if (kind === 'system') {
    const parsed = parseSystemEvents(data);
    if (!parsed.ok) throw new Error(`system events: ${parsed.error}`);
    const { values, faults } = parsed.value;
    return [...values.map((event): AlertItem => ({ kind, cell: SYSTEM_CELL, event })), ...faults.map(asFault)];
  }
  if (kind !== 'signal') return [];
  const parsed = parseSignals(data);
  if (!parsed.ok) throw new Error(`signals: ${parsed.error}`);
  const { values, faults } = parsed.value;
  return [...values.map((signal): AlertItem => ({ kind, cell: signal.symbol, signal })), ...faults.map(asFault)];
}

const asFault = ({ payload, error }: ElementFault): AlertItem => ({ kind: 'fault', cell: '#fault', payload, error });

function payloadOf(item: AlertItem): string {
  switch (item.kind) {
    case 'control':
      return item.json;
    case 'signal':
      return JSON.stringify(item.signal);
    case 'system':
      return JSON.stringify(item.event);
    case 'fault':
      return JSON.stringify(item.payload);
  }
}
