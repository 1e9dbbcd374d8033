import type { RedisLink } from '@wagehood/streams';
import { until } from '../process/until';
import type { Row } from '../row';
import type { Suite } from '../suite';
import { benchSymbols } from '../symbols';
import { PARTITIONS, startSystem } from '../system/start-system';

/** Three symbols a partition, each with more bars than history and streams keep: what Redis holds then is all that it ever will. */
const SYMBOLS = 3 * PARTITIONS;
const HISTORY_ROWS = 10_000;
const BARS = SYMBOLS * (HISTORY_ROWS + 1_000);
const TIMEOUT_MS = 900_000;

/** Families of keys, by the first word of their names; kept signals lie beside history and are a family of their own. */
const FAMILIES = [
  'history',
  'market_data_stream',
  'calculation_events_stream',
  'signal_stream',
  'calculation',
  'strategy',
];

const SIGNALS = 'signals';

/** What Redis holds when everything in it is as full as it gets: the figures behind the sizing table of the handbook. */
export const sizingSuite: Suite = {
  name: 'sizing',
  title: 'sizing: Redis when history and streams are full',
  goals: new Map(),
  async run({ quick, scope, say }) {
    if (quick) {
      say('takes minutes: left out of a quick run');
      return [];
    }
    const system = await startSystem(scope, {
      ...{ symbols: benchSymbols(SYMBOLS), workers: 1, profile: null },
      ...{ speed: 'max', historyBars: 0, whole: false },
    });
    await until('full history', TIMEOUT_MS, async () => (await system.committedBars()) >= BARS);
    await system.services.get('ingestion')?.stop();
    const bytes = await bytesByFamily(system.link);
    await system.stop();
    const of = (family: string): number => bytes.get(family) ?? 0;
    const streams = ['market_data_stream', 'calculation_events_stream', 'signal_stream'];
    const row = (what: string, value: number, unit: string): Row => ({
      ...{ name: `sizing: Redis, ${what}`, value: Math.round(value), unit },
    });
    return [
      row('history, a row', of('history') / (SYMBOLS * HISTORY_ROWS), 'B'),
      row('kept signals, a symbol', of(SIGNALS) / SYMBOLS, 'B'),
      ...streams.map((name) => row(`${name}, full, a partition`, of(name) / PARTITIONS, 'B')),
      row('state of both stages, a symbol', (of('calculation') + of('strategy')) / SYMBOLS, 'B'),
    ];
  },
};

async function bytesByFamily({ commands }: RedisLink): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  let cursor = '0';
  do {
    const [next, keys] = await commands.scan(cursor, 'COUNT', 1_000);
    cursor = next;
    for (const key of keys) {
      const family = key.includes(`:${SIGNALS}:`) ? SIGNALS : FAMILIES.find((name) => key.startsWith(`${name}:`));
      if (!family) continue;
      const used = (await commands.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
      bytes.set(family, (bytes.get(family) ?? 0) + used);
    }
  } while (cursor !== '0');
  return bytes;
}
