import type { BarEvent, CalculationEvent } from '@wagehood/contracts';
import type { RedisLink } from '@wagehood/streams';
import { warmIndicators, warmStrategies, warmMarket } from './engines';
import {
  addArguments,
  CALCULATIONS,
  CALCULATION_GROUP,
  EVALUATION_GROUP,
  MARKET,
  readGroup,
  SIGNALS,
} from './plain-streams';
import { keepUp, type Steps } from './steps';

const TTL_S = '300';
/** BATCH_CALCULATION_SIZE of the original. */
const READ = 10;

/** What everyone writes first: a command per thing to say, each awaited. */
export const naive: Steps = {
  generate(link, symbols) {
    const market = warmMarket(symbols);
    const send = async () => {
      for (let i = 0; i < READ; i++)
        await link.commands.call('xadd', ...addArguments(MARKET, JSON.stringify(market.next())));
    };
    return () => keepUp(link, READ, send);
  },
  calculate(link, symbols) {
    const indicators = warmIndicators(symbols);
    return forEach(link, MARKET, CALCULATION_GROUP, async (json) => {
      const bar = JSON.parse(json) as BarEvent;
      const values = indicators.step(bar);
      for (const [name, value] of Object.entries(values)) {
        const cached = JSON.stringify({ value, timestamp: bar.timestamp });
        await link.commands.call('setex', `indicator:${bar.symbol}:${name}`, TTL_S, cached);
      }
      const event = JSON.stringify({ ...bar, receivedAt: Date.now(), values });
      await link.commands.call('xadd', ...addArguments(CALCULATIONS, event));
    });
  },
  evaluate(link, symbols) {
    const strategies = warmStrategies(symbols);
    return forEach(link, CALCULATIONS, EVALUATION_GROUP, async (json) => {
      for (const signal of strategies.step(JSON.parse(json) as CalculationEvent))
        await link.commands.call('xadd', ...addArguments(SIGNALS, signal));
    });
  },
};

/** One message after the other: handled, acknowledged, the next. */
function forEach(link: RedisLink, stream: string, group: string, handle: (json: string) => Promise<void>) {
  return async (): Promise<void> => {
    const reading = link.duplicate('blocking');
    for (;;) {
      for (const { id, json } of await readGroup(reading, stream, group, READ)) {
        await handle(json);
        await link.commands.call('xack', stream, group, id);
      }
    }
  };
}
