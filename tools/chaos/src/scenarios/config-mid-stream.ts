import { evenSymbols, openSettings, reconfigurations, spelledOut } from '@wagehood/fleet';
import type { SettingsInput } from '@wagehood/config';
import { ChaosFleet } from '../fleet/chaos-fleet';
import { countsOf, endure } from '../fleet/strikes';
import type { Scenario } from '../scenario';

export const configMidStream: Scenario = {
  name: 'config-mid-stream',
  strikes: 5,
  title:
    'indicators, symbols, strategies and timeframes change while workers are killed: all at the same bar, warm at once',
  async run(context) {
    const { symbolsEach } = context.load;
    const symbols = evenSymbols(symbolsEach);
    const changes = reconfigurations(evenSymbols(symbolsEach + 1).filter((symbol) => !symbols.includes(symbol)));
    let settings: SettingsInput = spelledOut(openSettings(symbols, {}, ['1s', '5s']));
    const services = { 'calculation-worker': 2, 'strategy-evaluator': 2, ingestion: 1 };
    const fleet = await ChaosFleet.start(context, { services, settings });
    try {
      const endured = await endure({ ...context, strikes: changes.length }, fleet, changes.length, async (n) => {
        const change = changes[n - 1];
        if (change) await fleet.system.configure((settings = change(settings)));
        for (const name of ['calculation-worker', 'strategy-evaluator'] as const) {
          await fleet.pick(name).kill('SIGKILL');
          fleet.launch(name);
        }
        await fleet.calm();
        await fleet.flow(2);
      });
      const { pasts } = endured.verified;
      if (pasts === 0) throw new Error('nothing that was added has been shown its past');
      return { ...countsOf(endured), pasts };
    } finally {
      await fleet.stop();
    }
  },
};
