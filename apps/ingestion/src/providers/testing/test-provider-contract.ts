import { timeframeMs, validateBar, type Timeframe } from '@wagehood/market';
import type { FeedBar, FeedRequest, HistoryRange, Provider } from '../provider';

export interface ProviderSubject {
  /** A fresh provider whose live bars arrive within milliseconds. */
  create(): Provider | Promise<Provider>;
  /** Two symbols at least that it knows. */
  readonly symbols: readonly [string, string, ...string[]];
  /** A symbol that it does not know; leave it out if it knows every symbol. */
  readonly unknown?: string;
}

const ENOUGH = 20;

/** The laws that every market-data provider keeps, whatever its source. Call it inside a spec. */
export function testProviderContract(name: string, subject: ProviderSubject): void {
  describe(`${name} keeps the provider contract`, () => {
    let provider: Provider;
    beforeEach(async () => {
      provider = await subject.create();
    });
    afterEach(() => provider.close?.());

    const feedsOf = async (after: number | null = null): Promise<FeedRequest[]> =>
      Promise.all(
        subject.symbols.map(async (symbol) => ({ symbol, timeframe: await knownTimeframe(provider, symbol), after })),
      );

    it('has a name and a feed timeframe for what it knows', async () => {
      expect(provider.name).toBe(name);
      for (const symbol of subject.symbols) expect(await provider.feedTimeframe(symbol)).toEqual(expect.any(String));
      if (subject.unknown !== undefined) expect(await provider.feedTimeframe(subject.unknown)).toBeNull();
    });

    it('gives past bars that are final, valid, in order and no more than asked for', async () => {
      const [symbol] = subject.symbols;
      const timeframe = await knownTimeframe(provider, symbol);
      const bars = await past(provider, symbol, timeframe, { bars: 30 });
      expect(bars.length).toBeLessThanOrEqual(30);
      expectSaneSeries(bars, symbol, timeframe);
      expect(bars.every(({ isFinal }) => isFinal)).toBe(true);
    });

    it('delivers live bars that are valid, of the asked symbols, each symbol in order', async () => {
      const feeds = await feedsOf();
      const { bars } = await listen(provider, feeds, ENOUGH);
      for (const { symbol, timeframe } of feeds) expectSaneSeries(finals(bars, symbol), symbol, timeframe);
      expect(bars.every(({ symbol }) => subject.symbols.includes(symbol))).toBe(true);
    });

    it('delivers no final bar at or before `after`, but what corrects one', async () => {
      const [symbol] = subject.symbols;
      const seen = finals((await listen(provider, await feedsOf(), ENOUGH)).bars, symbol);
      const after = seen[Math.floor(seen.length / 2)]?.openTime ?? 0;
      const timeframe = await knownTimeframe(provider, symbol);
      const again = await listen(await subject.create(), [{ symbol, timeframe, after }], 1);
      const plain = again.bars.filter(({ revision }) => revision === undefined);
      for (const bar of finals(plain, symbol)) expect(bar.openTime).toBeGreaterThan(after);
    });

    it('finds bars again that it delivered live, as it has corrected them', async () => {
      const [symbol] = subject.symbols;
      const live = corrected((await listen(provider, await feedsOf(), ENOUGH)).bars, symbol);
      const first = live[0] as FeedBar;
      const last = live.at(-1) as FeedBar;
      const range = { from: first.openTime, to: last.openTime + 1 };
      expect(await past(provider, symbol, first.timeframe, range)).toEqual(live);
    });

    it('waits for the promise of onBars before it hands over more', async () => {
      let inFlight = 0;
      let most = 0;
      await listen(provider, await feedsOf(), ENOUGH, async () => {
        most = Math.max(most, ++inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
      });
      expect(most).toBe(1);
    });

    it('ends quietly when it is aborted, and hands over nothing afterwards', async () => {
      const { bars, ended } = await listen(provider, await feedsOf(), 1);
      expect(ended).toBe('resolved');
      const count = bars.length;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(bars).toHaveLength(count);
    });

    it('resolves at once for a signal that is already aborted', async () => {
      const onBars = jest.fn(async () => undefined);
      await provider.subscribe(await feedsOf(), onBars, AbortSignal.abort());
      expect(onBars).not.toHaveBeenCalled();
    });

    it('rejects when onBars does', async () => {
      const lost = provider.subscribe(
        await feedsOf(),
        () => Promise.reject(new Error('no room')),
        new AbortController().signal,
      );
      await expect(lost).rejects.toThrow('no room');
    });
  });
}

async function knownTimeframe(provider: Provider, symbol: string): Promise<Timeframe> {
  const timeframe = await provider.feedTimeframe(symbol);
  if (timeframe === null) throw new Error(`the provider does not know ${symbol}`);
  return timeframe;
}

async function past(provider: Provider, symbol: string, timeframe: Timeframe, range: HistoryRange): Promise<FeedBar[]> {
  const bars: FeedBar[] = [];
  for await (const chunk of provider.history(symbol, timeframe, range)) bars.push(...chunk);
  return bars;
}

/** Subscribes until `enough` final bars of each symbol have come or the data ends. */
async function listen(
  provider: Provider,
  feeds: readonly FeedRequest[],
  enough: number,
  hold: () => Promise<void> = async () => undefined,
): Promise<{ readonly bars: FeedBar[]; readonly ended: 'resolved' }> {
  const abort = new AbortController();
  const bars: FeedBar[] = [];
  const onBars = async (delivered: readonly FeedBar[]) => {
    expect(abort.signal.aborted).toBe(false);
    bars.push(...delivered);
    await hold();
    if (feeds.every(({ symbol }) => finals(bars, symbol).length >= enough)) abort.abort();
  };
  await provider.subscribe(feeds, onBars, abort.signal);
  return { bars, ended: 'resolved' };
}

/** Final bars of a symbol as they came first, without what corrects them. */
function finals(bars: readonly FeedBar[], symbol: string): FeedBar[] {
  let newest = -Infinity;
  return bars.filter((bar) => {
    if (bar.symbol !== symbol || !bar.isFinal) return false;
    const corrects = bar.revision !== undefined && bar.openTime <= newest;
    newest = Math.max(newest, bar.openTime);
    return !corrects;
  });
}

/** The same bars as they stand in the end: corrected. */
function corrected(bars: readonly FeedBar[], symbol: string): FeedBar[] {
  const standing = new Map<number, FeedBar>();
  for (const bar of bars) {
    if (bar.symbol !== symbol || !bar.isFinal) continue;
    if ((bar.revision ?? 0) >= (standing.get(bar.openTime)?.revision ?? 0)) standing.set(bar.openTime, bar);
  }
  return [...standing.values()].sort((a, b) => a.openTime - b.openTime);
}

function expectSaneSeries(bars: readonly FeedBar[], symbol: string, timeframe: Timeframe): void {
  let previous = -Infinity;
  for (const bar of bars) {
    expect(bar).toMatchObject({ symbol, timeframe });
    expect(validateBar(bar, timeframe)).toBeNull();
    expect(bar.openTime).toBeGreaterThan(previous);
    expect(bar.openTime % Math.min(timeframeMs(timeframe), 86_400_000)).toBe(0);
    previous = bar.openTime;
  }
}
