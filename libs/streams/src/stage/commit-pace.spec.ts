import { CommitPace, type Occasion } from './commit-pace';
import { defaultTuning, LATEST_WITHIN_MS } from './stage-options';

const START = 60_000;
const paceOf = (partition = 0) => new CommitPace(defaultTuning, partition, START);

/** How often something is due within a minute in which it is asked for every 10 ms. */
function countDue(isDue: (nowMs: number) => boolean, done: (nowMs: number) => void): number {
  let count = 0;
  for (let now = START + 10; now <= START + 60_000; now += 10) {
    if (!isDue(now)) continue;
    count++;
    done(now);
  }
  return count;
}

const latestOf = (occasion: Occasion, series: number): number => {
  const pace = paceOf();
  pace.noteLatest(START, series);
  return countDue(
    (now) => pace.latestDue(occasion, now, series),
    (now) => pace.noteLatest(now, series),
  );
};

/** When latest values are written within a minute in which a bar of each series comes each second, one after the other. */
const trickleOf = (partition: number, series: number): { readonly at: number; readonly values: number }[] => {
  const pace = paceOf(partition);
  const writes: { at: number; values: number }[] = [];
  let since = START;
  for (let now = START; now < START + 60_000; now += 10) {
    const values = Math.min(series, Math.floor(((now - since) * series) / 1_000));
    if (!pace.latestDue('busy', now, values)) continue;
    pace.noteLatest(now, values);
    writes.push({ at: now, values });
    since = now;
  }
  return writes;
};

/** How many saves there are within a minute, and how many states are saved; every state changes again before the next save. */
const savesOf = (occasion: Occasion, states: number, barsPerSecond: number): { saves: number; saved: number } => {
  const pace = paceOf();
  const barsAt = (now: number) => (barsPerSecond * (now - START)) / 1_000;
  let saved = 0;
  const saves = countDue(
    (now) => pace.statesDue(occasion, now, states, barsAt(now)) > 0,
    (now) => {
      const due = pace.statesDue(occasion, now, states, barsAt(now));
      pace.noteSave(now, barsAt(now), due, states);
      saved += due;
    },
  );
  return { saves, saved };
};

/** How often each state is saved within a minute. */
const roundsOf = (...[occasion, states, barsPerSecond]: Parameters<typeof savesOf>): number =>
  savesOf(occasion, states, barsPerSecond).saved / states;

describe('CommitPace', () => {
  it('writes latest values every 100 ms, in a busy partition of many series less often, but in time', () => {
    expect(latestOf('quiet', 5_000)).toBe(600);
    expect(latestOf('busy', 20)).toBe(600);
    expect(latestOf('busy', 100)).toBe(120);
    expect(latestOf('busy', 5_000)).toBe(60_000 / LATEST_WITHIN_MS);
    expect(latestOf('busy', 0)).toBe(0);
  });

  it('waits as long for values that come one by one, and has no two partitions write them in the same moment', () => {
    const late = (partition: number) => trickleOf(partition, 1_000).filter(({ at }) => at >= START + 30_000);
    const all = Array.from({ length: 16 }, (_, partition) => late(partition));
    for (const writes of all) {
      expect(writes).toHaveLength(30_000 / LATEST_WITHIN_MS);
      expect(writes.every(({ values }) => values === 1_000)).toBe(true);
    }
    const times = all.flat().map(({ at }) => at);
    expect(new Set(times).size).toBe(times.length);
  });

  it('saves every state each 5 s, in a busy partition of many series less often, but within 15 s', () => {
    expect(savesOf('quiet', 5_000, 0)).toEqual({ saves: 12, saved: 60_000 });
    expect(savesOf('busy', 30, 30)).toEqual({ saves: 12, saved: 360 });
    expect(roundsOf('busy', 100, 100)).toBeCloseTo(12, 0);
    expect(roundsOf('busy', 1_000, 1_000)).toBeCloseTo(5, 0);
    expect(roundsOf('busy', 5_000, 5_000)).toBeCloseTo(4, 0);
    expect(savesOf('busy', 0, 1_000)).toEqual({ saves: 0, saved: 0 });
  });

  it('saves each state at the latest after 8 000 bars, or 64 for each state when that is more', () => {
    expect(roundsOf('busy', 30, 8_000)).toBeCloseTo(60, -1);
    expect(roundsOf('busy', 100, 8_000)).toBeCloseTo(60, -1);
    expect(roundsOf('busy', 1_000, 64_000)).toBeCloseTo(60, -1);
    expect(roundsOf('busy', 1_250, 7_000)).toBeCloseTo((60 * 7_000) / (64 * 1_250), 0);
  });

  it('saves few states beside each other while bars keep coming', () => {
    const { saves, saved } = savesOf('busy', 5_000, 5_000);
    expect(saved / saves).toBeLessThanOrEqual(32);
    const pace = paceOf();
    expect(pace.statesDue('busy', START, 5_000, 64 * 5_000)).toBe(5_000); // unless it is late
  });

  it('ends a round in time though less and less of it is left', () => {
    const pace = paceOf();
    const states = 400;
    let left = states;
    let now = START;
    for (; left > 0; now += 10) {
      const due = pace.statesDue('busy', now, left, 0);
      if (due > 0) pace.noteSave(now, 0, due, left);
      left -= due;
    }
    expect(now - START).toBeLessThanOrEqual(5_200);
  });

  it('saves at the latest after so many entries', () => {
    const pace = paceOf();
    pace.noteEntries(defaultTuning.snapshotEveryEntries - 1);
    expect(pace.statesDue('busy', START, 1, 0)).toBe(0);
    pace.noteEntries(1);
    expect(pace.statesDue('busy', START, 1, 0)).toBe(1);
  });

  it('has no two partitions save in the same moment', () => {
    const first = (partition: number): number => {
      const pace = paceOf(partition);
      for (let now = START; ; now += 1) if (pace.statesDue('busy', now, 32, 0) > 0) return now;
    };
    const times = Array.from({ length: 16 }, (_, partition) => first(partition)).sort((a, b) => a - b);
    const apart = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.min(...apart)).toBeGreaterThan(100);
    expect(Math.max(...times) - START).toBeLessThanOrEqual(5_000);
  });

  it('has everything written that is there before a partition is given away', () => {
    const pace = paceOf();
    pace.noteLatest(START, 1);
    expect(pace.latestDue('leaving', START, 1)).toBe(true);
    expect(pace.latestDue('busy', START, 1)).toBe(false);
  });
});
