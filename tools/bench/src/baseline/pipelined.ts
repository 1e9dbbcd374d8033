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
const READ = 100;

type Pipeline = ReturnType<RedisLink['commands']['pipeline']>;

/** What a good engineer writes next: the same commands, one pipeline for every read of 100 messages. */
export const pipelined: Steps = {
  generate(link, symbols) {
    const market = warmMarket(symbols);
    const send = async () => {
      const pipeline = link.commands.pipeline();
      for (let i = 0; i < READ; i++) pipeline.call('xadd', ...addArguments(MARKET, JSON.stringify(market.next())));
      await pipeline.exec();
    };
    return () => keepUp(link, READ, send);
  },
  calculate(link, symbols) {
    const indicators = warmIndicators(symbols);
    return forEachRead(link, MARKET, CALCULATION_GROUP, (json, pipeline) => {
      const bar = JSON.parse(json) as BarEvent;
      const values = indicators.step(bar);
      for (const [name, value] of Object.entries(values)) {
        const cached = JSON.stringify({ value, timestamp: bar.timestamp });
        pipeline.call('setex', `indicator:${bar.symbol}:${name}`, TTL_S, cached);
      }
      const event = JSON.stringify({ ...bar, receivedAt: Date.now(), values });
      pipeline.call('xadd', ...addArguments(CALCULATIONS, event));
    });
  },
  evaluate(link, symbols) {
    const strategies = warmStrategies(symbols);
    return forEachRead(link, CALCULATIONS, EVALUATION_GROUP, (json, pipeline) => {
      for (const signal of strategies.step(JSON.parse(json) as CalculationEvent))
        pipeline.call('xadd', ...addArguments(SIGNALS, signal));
    });
  },
};

/** One read after the other: everything that it leads to in one pipeline, with one acknowledgement. */
function forEachRead(link: RedisLink, stream: string, group: string, handle: (json: string, to: Pipeline) => void) {
  return async (): Promise<void> => {
    const reading = link.duplicate('blocking');
    for (;;) {
      const messages = await readGroup(reading, stream, group, READ);
      if (messages.length === 0) continue;
      const pipeline = link.commands.pipeline();
      for (const { json } of messages) handle(json, pipeline);
      pipeline.call('xack', stream, group, ...messages.map(({ id }) => id));
      await pipeline.exec();
    }
  };
}
