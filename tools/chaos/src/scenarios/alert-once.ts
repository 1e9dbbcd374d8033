import { setTimeout as delay } from 'node:timers/promises';
import { AlertLedger, type LedgerRule } from '../alerts/alert-ledger';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

const RULES: readonly LedgerRule[] = [
  { name: 'everything', channels: ['console', 'terminal'] },
  { name: 'sales', channels: ['console'], side: 'sell' },
];
const settings = {
  alerts: {
    channels: { console: { type: 'console' as const }, terminal: { type: 'console' as const } },
    rules: RULES.map(({ name, channels, side }) => ({
      ...{ name, channels: [...channels] },
      match: side ? { sides: [side] } : {},
    })),
  },
};
/** In the long run; a test is content with its tenth. */
const SIGNALS_PER_STRIKE = 200;

export const alertOnce: Scenario = {
  name: 'alert-once',
  strikes: 50,
  title: '10 000 signals and 50 kills of alerting: exactly one job and one alert per signal, rule and channel',
  async run(context) {
    const ledger = new AlertLedger(RULES);
    const services = { 'calculation-worker': 1, 'strategy-evaluator': 1, alerting: 2, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services, settings, onEntry: ledger.onEntry });
    const stopCounting = ledger.follow(fleet.system.link);
    try {
      const endured = await endure(context, fleet, 10, async (n) => {
        await delay(context.random.below(1_500));
        await fleet.pick('alerting').kill('SIGKILL');
        fleet.launch('alerting');
        while (context.hasTime() && ledger.signals < n * SIGNALS_PER_STRIKE) {
          await fleet.flow();
          await fleet.look();
        }
      });
      const alerts = await ledger.expectExact(fleet.system.link, fleet.system.partitions);
      await stopCounting();
      return { ...countsOf(endured), 'live signals': ledger.signals, 'jobs, each added once': alerts };
    } finally {
      await stopCounting().catch(() => undefined);
      await fleet.stop();
    }
  },
};
