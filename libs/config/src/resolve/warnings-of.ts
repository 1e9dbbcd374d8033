import type { Fault } from '../fault';
import type { Settings } from '../settings/settings';

/** What is allowed and probably not meant. */
export function warningsOf({ indicators, strategies, alerts, system, watchlist }: Settings): Fault[] {
  const warnings: Fault[] = [];
  const none = (entries: readonly { readonly enabled: boolean }[]) => entries.every(({ enabled }) => !enabled);
  if (none(indicators))
    warnings.push({ path: 'indicators', message: 'nothing is enabled: bars are stored, nothing is computed' });
  if (none(strategies)) warnings.push({ path: 'strategies', message: 'nothing is enabled: there will be no signals' });
  if (system.enable_alerts && none(alerts.rules)) {
    warnings.push({ path: 'alerts.rules', message: 'nothing is enabled: there will be no alerts' });
  }
  const watched = new Set(watchlist.map(({ symbol }) => symbol));
  alerts.rules.forEach(({ name, enabled, match }, index) => {
    const foreign = (match.symbols ?? []).filter((symbol) => !watched.has(symbol));
    if (!enabled || foreign.length === 0) return;
    warnings.push({
      path: `alerts.rules[${index}] ${name}.match.symbols`,
      message: `not watched: ${foreign.join(', ')}`,
    });
  });
  return warnings;
}
