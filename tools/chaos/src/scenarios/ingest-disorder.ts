import type { BarEvent } from '@wagehood/contracts';
import { evenSymbols, openSettings, startSystem, verify, type System } from '@wagehood/fleet';
import { atRest } from '@wagehood/fleet';
import { createControl, createProducer, silentLog, type Producer } from '@wagehood/streams';
import type { Random } from '@wagehood/streams/testing';
import type { Scenario } from '../scenario';

const START = Date.UTC(2026, 0, 5);
const PRODUCERS = 3;

export const ingestDisorder: Scenario = {
  name: 'ingest-disorder',
  strikes: 500,
  title:
    'three producers offer the same numbered bars at once: again, late, in pieces and in any mixture; each enters once',
  async run({ random, strikes, load, hasTime }) {
    const symbols = evenSymbols(load.symbolsEach);
    const system = await startSystem({ settings: openSettings(symbols) });
    const tally = { offered: 0, refused: 0 };
    try {
      await system.up('calculation-worker', 'calculation-worker', 'strategy-evaluator');
      const producers = await Promise.all(Array.from({ length: PRODUCERS }, (_, i) => startProducer(system, i, tally)));
      const rivals = producers.map((producer) => new Rival(producer, symbols, random, tally));
      let last = 0;
      for (let n = 0; n < strikes && hasTime(); n++) {
        last += random.below(2);
        await Promise.all(rivals.map((rival) => rival.goTo(Math.max(0, last - random.below(3)))));
      }
      await Promise.all(rivals.map((rival) => rival.goTo(last)));
      await Promise.all(producers.map((producer) => producer.flush()));
      await Promise.all(producers.map((producer) => producer.stop()));
      await atRest(system, 120_000);
      const { bars, series } = await verify(system);
      if (series.size !== symbols.length || bars !== symbols.length * last)
        throw new Error(`${bars} bars of ${series.size} symbols, expected ${last} of each of ${symbols.length}`);
      return { bars, offered: tally.offered, 'refused as duplicate or late': tally.refused };
    } finally {
      await system.stop();
    }
  },
};

async function startProducer({ link, partitions }: System, n: number, tally: { refused: number }): Promise<Producer> {
  const hooks = { onRefused: () => void tally.refused++ };
  const producer = createProducer({ link, partitions, id: `rival-${n}`, log: silentLog, hooks });
  await producer.start();
  const document = await createControl(link).read();
  if (n === 0 && document) await producer.appendControl(document);
  return producer;
}

/** One that tells everything that it knows, and often what it has told before. */
class Rival {
  #last = 0;

  constructor(
    private readonly producer: Producer,
    private readonly symbols: readonly string[],
    private readonly random: Random,
    private readonly tally: { offered: number },
  ) {}

  /** Offers every symbol's bars up to number `last`, from a place that may be long behind. */
  async goTo(last: number): Promise<void> {
    for (const symbol of this.symbols) {
      const from = this.random.chance(0.2) ? Math.max(1, this.#last - this.random.below(5)) : this.#last + 1;
      const bars = Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => numbered(symbol, from + i));
      this.tally.offered += bars.length;
      await this.producer.offer(bars);
    }
    this.#last = Math.max(this.#last, last);
  }
}

/** The same bar of the same number, whoever tells of it. */
function numbered(symbol: string, n: number): BarEvent {
  const close = 100 + 10 * Math.sin(n / 7) + (n % 5);
  return {
    ...{ symbol, timeframe: '1s', timestamp: START + n * 1_000, volume: 1_000 + (n % 13) },
    ...{ open: close, high: close + 1, low: close - 1, close, price: close, source: 'chaos', isFinal: true },
  };
}
