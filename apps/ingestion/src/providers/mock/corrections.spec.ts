import { validateBar } from '@wagehood/market';
import { createBarMaker } from '@wagehood/mock-market';
import type { FeedBar } from '../provider';
import { createCorrections, sayCorrections } from './corrections';

const START = Date.UTC(2026, 0, 5);
const SECOND = 1_000;
const corrections = () => createCorrections(42, 'SPY', '1s', 10);
const times = (count: number) => Array.from({ length: count }, (_, i) => START + i * SECOND);

describe('corrections of the mock market', () => {
  it('are said of about every n-th bar, a few bars later, some of them twice, and are valid bars', () => {
    const made = corrections();
    const said = times(10_000).flatMap((newest) => made.behind(newest).map((bar) => ({ bar, newest })));
    const first = said.filter(({ bar }) => bar.revision === 1);
    const second = said.filter(({ bar }) => bar.revision === 2);
    expect(first.length).toBeGreaterThan(800);
    expect(first.length).toBeLessThan(1_200);
    expect(second.length).toBeGreaterThan(first.length / 4);
    for (const { bar, newest } of said) {
      expect(validateBar(bar, '1s')).toBeNull();
      expect(newest - bar.openTime).toBeGreaterThanOrEqual(SECOND);
      expect(newest - bar.openTime).toBeLessThanOrEqual(8 * SECOND);
    }
  });

  it('are what history knows as soon as they have been said, and nothing else is', () => {
    const [made, maker] = [corrections(), createBarMaker(42, 'SPY', '1s')];
    const now = new Map<number, FeedBar>();
    for (const newest of times(500)) {
      now.set(newest, maker.final(newest));
      for (const bar of made.behind(newest)) if (bar.openTime >= START) now.set(bar.openTime, bar);
      for (const openTime of times(500).filter((time) => time <= newest && time > newest - 12 * SECOND))
        expect(made.known(openTime, newest)).toEqual(now.get(openTime));
    }
  });

  it('are the same again in another process, and none without the setting', () => {
    const [one, other] = [corrections(), corrections()];
    const said = times(300).flatMap((time) => one.behind(time));
    expect(times(300).flatMap((time) => other.behind(time))).toEqual(said);
    const none = createCorrections(42, 'SPY', '1s', 0);
    expect(times(300).flatMap((time) => none.behind(time))).toEqual([]);
  });
});

describe('sayCorrections', () => {
  const listen = async (after: number | null, bars: readonly FeedBar[]) => {
    const heard: FeedBar[] = [];
    const feeds = [{ symbol: 'SPY', timeframe: '1s' as const, after }];
    const onBars = sayCorrections(feeds, () => corrections(), async (some) => void heard.push(...some)); // prettier-ignore
    for (const bar of bars) await onBars([bar]);
    return heard;
  };
  const maker = createBarMaker(42, 'SPY', '1s');

  it('puts each right behind the bar after which it is due', async () => {
    const bars = times(100).map((time) => maker.final(time));
    const heard = await listen(null, bars);
    const due = times(100).flatMap((time) => [maker.final(time), ...corrections().behind(time)]);
    expect(heard).toEqual(due);
    expect(heard.length).toBeGreaterThan(105);
  });

  it('says again, to who connects again, what was due around its last bar', async () => {
    const [last] = times(60).slice(-1) as [number];
    const heard = await listen(last, [maker.final(last + SECOND)]);
    const lately = times(60).slice(-8).flatMap((time) => corrections().behind(time)); // prettier-ignore
    expect(heard).toEqual([...lately, maker.final(last + SECOND), ...corrections().behind(last + SECOND)]);
  });
});
