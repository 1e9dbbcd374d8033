import { until } from '@wagehood/testing';
import { stageKey } from '../layout/keys';
import { numberedBars } from '../testing/bars';
import { copyOf } from '../testing/copy-of';
import { countingProcessor } from '../testing/counting';
import { bySymbol, expectedOutputs, Fixture } from '../testing/fixture';

const SYMBOLS = ['SPY', 'QQQ', 'IWM', 'TSLA', 'NVDA', 'AAPL', 'MSFT', 'AMD'];

describe('a failover between two reads of a partition that is being loaded', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open();
  });
  afterEach(() => fixture.close());

  it.each([
    ['our takeover is lost as well', false],
    ['the partition is ours before and after', true],
  ])('is no loss of input: %s', async (_, isOurs) => {
    const producer = await fixture.producer();
    const lifeline = fixture.link('dying');
    const dying = fixture.worker('dying', { snapshotEveryMs: 60_000 }, { link: lifeline });
    await dying.start();
    await producer.offer(numberedBars(SYMBOLS, 1, 50));
    await fixture.untilOutputs(SYMBOLS.length * 50);
    const goBack = await copyOf(fixture.link('copy').commands);
    await producer.offer(numberedBars(SYMBOLS, 51, 100));
    await fixture.untilOutputs(SYMBOLS.length * 100);
    // As kill -9 would: no save, no release, no goodbye.
    await lifeline.close();
    await dying.stop(0);

    const link = fixture.link('heir');
    const { commands } = link;
    let rewound = false;
    const createProcessor = () => {
      if (!rewound) {
        rewound = true;
        // The position has been read, the input has not: both go over one connection, in this order.
        void goBack(commands);
        const mine = fixture.tags.map((tag) => stageKey('calculation', tag));
        if (isOurs) for (const key of mine) void commands.hset(key, 'owner', 'heir', 'epoch', 2);
      }
      return countingProcessor();
    };
    const heir = fixture.worker('heir', {}, { link, createProcessor });
    await heir.start();
    await until(() => rewound, { what: 'the failover' });
    await producer.offer(numberedBars(SYMBOLS, 101, 150));
    expect(bySymbol(await fixture.untilOutputs(SYMBOLS.length * 150))).toEqual(expectedOutputs(SYMBOLS, 150));
    expect(heir.status().halted.size).toBe(0);
    await heir.stop();
    await producer.stop();
  });
});
