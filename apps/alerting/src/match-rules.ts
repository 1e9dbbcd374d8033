import type { RuleSettings } from '@wagehood/config';
import type { Signal } from '@wagehood/contracts';

/** When a rule last alerted about one symbol: `rule side` → epoch ms of the signal. Plain data, owned by the caller. */
export type Cooldowns = Record<string, number>;

/** A rule that a signal matched; `suppressed` while the rule cools down for this symbol and side. */
export interface Match {
  readonly rule: RuleSettings;
  readonly suppressed: boolean;
}

/** Whether a signal is what a rule asks for. A field that the rule leaves out matches everything. */
export function matchesRule({ enabled, on, match }: RuleSettings, signal: Signal): boolean {
  const among = (wanted: readonly string[] | undefined, value: string) =>
    wanted === undefined || wanted.includes(value);
  return (
    enabled &&
    on !== 'system' &&
    among(match.strategies, signal.strategy) &&
    among(match.symbols, signal.symbol) &&
    among(match.sides, signal.side) &&
    among(match.timeframes, signal.timeframe) &&
    signal.confidence >= (match.min_confidence ?? 0)
  );
}

/**
 * The rules that a signal matches; starts the cooldown of those that alert. Signals of history match nothing: they are news to
 * nobody. Time is the signal's own (`emittedAt`, server time), so a replay decides the same.
 */
export function matchRules(rules: readonly RuleSettings[], signal: Signal, cooldowns: Cooldowns): readonly Match[] {
  if (signal.backfilled) return [];
  return rules
    .filter((rule) => matchesRule(rule, signal))
    .map((rule) => {
      if (rule.cooldown_seconds === 0) return { rule, suppressed: false };
      const key = `${rule.name} ${signal.side}`;
      const suppressed = signal.emittedAt < (cooldowns[key] ?? -Infinity) + rule.cooldown_seconds * 1000;
      if (!suppressed) cooldowns[key] = signal.emittedAt;
      return { rule, suppressed };
    });
}

/** Forgets cooldowns that no rule asks for any more. */
export function pruneCooldowns(cooldowns: Cooldowns, rules: readonly RuleSettings[]): void {
  const living = new Set(rules.filter((rule) => rule.cooldown_seconds > 0).map(({ name }) => name));
  for (const key of Object.keys(cooldowns)) if (!living.has(key.split(' ')[0] ?? '')) delete cooldowns[key];
}
