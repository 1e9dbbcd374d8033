import { until } from '@wagehood/testing';
import { numberedBars } from '../testing/bars';
import { copyOf } from '../testing/copy-of';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL', 'MSFT', 'AMD'];

describe('a failover that takes back nothing but saves', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open();
  });
  afterEach(() => fixture.close());

  const unsaved = async (): Promise<number[]> => {
    const stages = await Promise.all(fixture.tags.map((_, partition) => fixture.stage(partition)));
    return stages.flatMap(({ off, snap }, partition) => (off === snap ? [] : [partition]));
  };
  const allSaved = () => until(async () => (await unsaved()).length === 0, { timeoutMs: 15_000, what: 'all saved' });

  it('is noticed by a partition that gets no more bars: it saves again', async () => {
    const producer = await fixture.producer();
    const worker = fixture.worker('w1', { snapshotEveryMs: 1_000 });
    await worker.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 20));
    await fixture.untilOutputs(SYMBOLS.length * 20);
    await allSaved();
    await producer.offer(numberedBars(SYMBOLS, 21, 40));
    await fixture.untilOutputs(SYMBOLS.length * 40);
    const { commands } = fixture.link('copy');
    const goBack = await copyOf(commands);
    await allSaved();
    await goBack(commands);
    expect(await unsaved()).not.toEqual([]);

    await allSaved();
    await producer.offer(numberedBars(SYMBOLS, 41, 60));
    expect(bySymbol(await fixture.untilOutputs(SYMBOLS.length * 60))).toEqual(expectedOutputs(SYMBOLS, 60));
    await worker.stop();
    await producer.stop();
  });
});
