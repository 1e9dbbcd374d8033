import type { RuleSettings } from '@wagehood/config';
import type { SystemEvent } from '@wagehood/contracts';

/** What rules on system events have done lately in one partition. Plain data, owned by the caller. */
export interface EventState {
  /** Ids of the newest events: one that is told twice counts once. */
  readonly seen: string[];
  /** `rule code subject` → epoch ms of the last alert, while the rule cools down. */
  readonly cooling: Record<string, number>;
  /** Rule → epoch ms of its alerts within the last minute. */
  readonly lately: Record<string, number[]>;
  /** Rule → alerts held back since its last one. */
  readonly held: Record<string, number>;
}

export const emptyEventState = (): EventState => ({ seen: [], cooling: {}, lately: {}, held: {} });

/** A rule that alerts, and how many alerts it has held back before. */
export interface EventMatch {
  readonly rule: RuleSettings;
  readonly heldBack: number;
}

const MOST_SEEN = 500;
/** Alerts of one rule in a partition within a minute; what is beyond is counted, and told with the next one. */
export const MOST_PER_MINUTE = 5;
const MINUTE_MS = 60_000;

export function matchesEvent({ enabled, on, match }: RuleSettings, { code, symbols }: SystemEvent): boolean {
  const { events, symbols: wanted } = match;
  return (
    enabled &&
    on === 'system' &&
    (events === undefined || events.some((event) => event === code)) &&
    (wanted === undefined || (symbols ?? []).some((symbol) => wanted.includes(symbol)))
  );
}

/**
 * The rules that alert of an event; notes that they do. `nowMs` is the time of the event's entry, so a replay decides the same.
 */
export function matchEvent(
  rules: readonly RuleSettings[],
  event: SystemEvent,
  nowMs: number,
  state: EventState,
): readonly EventMatch[] {
  if (state.seen.includes(event.id)) return [];
  state.seen.push(event.id);
  state.seen.splice(0, state.seen.length - MOST_SEEN);
  forget(state, rules, nowMs);
  return rules
    .filter((rule) => matchesEvent(rule, event))
    .flatMap((rule) => {
      const { name, cooldown_seconds: cooldown } = rule;
      const key = `${name} ${event.code} ${event.subject}`;
      const lately = (state.lately[name] ??= []);
      if (key in state.cooling || lately.length >= MOST_PER_MINUTE) {
        state.held[name] = (state.held[name] ?? 0) + 1;
        return [];
      }
      lately.push(nowMs);
      if (cooldown > 0) state.cooling[key] = nowMs;
      const heldBack = state.held[name] ?? 0;
      delete state.held[name];
      return [{ rule, heldBack }];
    });
}

/** Forgets what is over, and rules that are gone. */
function forget({ cooling, lately, held }: EventState, rules: readonly RuleSettings[], nowMs: number): void {
  const cooldowns = new Map(rules.map(({ name, cooldown_seconds: seconds }) => [name, seconds * 1_000]));
  for (const [key, at] of Object.entries(cooling)) {
    if (nowMs >= at + (cooldowns.get(key.slice(0, key.indexOf(' '))) ?? 0)) delete cooling[key];
  }
  for (const [name, times] of Object.entries(lately)) {
    lately[name] = times.filter((at) => nowMs < at + MINUTE_MS);
    if (lately[name].length === 0) delete lately[name];
  }
  for (const name of Object.keys(held)) if (!cooldowns.has(name)) delete held[name];
}
