import type { FeedGroup, GroupState } from './feed-group';
import type { Feed } from './pipeline';
import { recordingLog } from './testing/recording-log';
import { createStalenessWatch } from './watch-staleness';

function setup() {
  let now = 0;
  const feeds = new Map<string, Feed>(
    ['A', 'B'].map((symbol) => [symbol, { symbol, timeframe: '1s', last: -Infinity, joining: false, heardAt: 0 }]),
  );
  const told: [string, readonly string[]][] = [];
  const group = { provider: { name: 'p' }, feeds, state: 'live' as GroupState, isHeldBack: false };
  const lines: string[] = [];
  const counts: number[] = [];
  const watch = createStalenessWatch({
    groups: () => [group as unknown as FeedGroup],
    patienceMs: () => 5_000,
    gauge: { set: (value) => void counts.push(value) },
    onStale: (provider, symbols) => void told.push([provider, symbols]),
    log: recordingLog(lines),
    now: () => now,
  });
  const lookAt = (time: number) => {
    now = time;
    watch.look();
    return counts.at(-1);
  };
  return { feeds, group, lines, told, lookAt };
}

describe('staleness', () => {
  it('says once that a symbol went quiet, and once that it came back', () => {
    const { feeds, lines, told, lookAt } = setup();
    expect(lookAt(4_000)).toBe(0);
    expect(lookAt(6_000)).toBe(2);
    expect(lookAt(7_000)).toBe(2);
    (feeds.get('A') as Feed).heardAt = 7_500;
    expect(lookAt(8_000)).toBe(1);
    expect(lines).toEqual(['no bars from the provider: A, B', 'bars again: A']);
    expect(told).toEqual([['p', ['A', 'B']]]);
  });

  it.each(['joining', 'ended'] as const)('expects nothing of a group that is %s', (state) => {
    const { group, lookAt } = setup();
    group.state = state;
    expect(lookAt(60_000)).toBe(0);
  });

  it('does not blame a provider that we make wait', () => {
    const { group, lookAt } = setup();
    group.isHeldBack = true;
    expect(lookAt(60_000)).toBe(0);
  });
});
