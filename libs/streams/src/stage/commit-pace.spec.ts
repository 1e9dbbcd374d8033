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
  pace.noteLatest(START);
  return countDue(
    (now) => pace.latestDue(occasion, now, series),
    (now) => pace.noteLatest(now),
  );
};

const savesOf = (occasion: Occasion, states: number, barsPerSecond: number): number => {
  const pace = paceOf();
  const barsAt = (now: number) => (barsPerSecond * (now - START)) / 1_000;
  return countDue(
    (now) => pace.saveDue(occasion, now, states, barsAt(now)),
    (now) => pace.noteSave(now, barsAt(now)),
  );
};

describe('CommitPace', () => {
  it('writes latest values every 100 ms, in a busy partition of many series less often, but in time', () => {
    expect(latestOf('quiet', 5_000)).toBe(600);
    expect(latestOf('busy', 20)).toBe(600);
    expect(latestOf('busy', 100)).toBe(120);
    expect(latestOf('busy', 5_000)).toBe(60_000 / LATEST_WITHIN_MS);
    expect(latestOf('busy', 0)).toBe(0);
  });

  it('saves every 5 s, in a busy partition of many series less often, but within 15 s', () => {
    expect(savesOf('quiet', 5_000, 0)).toBe(12);
    expect(savesOf('busy', 100, 100)).toBe(12);
    expect(savesOf('busy', 1_000, 1_000)).toBe(5);
    expect(savesOf('busy', 5_000, 5_000)).toBe(4);
    expect(savesOf('busy', 0, 1_000)).toBe(0);
  });

  it('saves at the latest after 8 000 bars, or 16 of each state when that is more', () => {
    expect(savesOf('busy', 100, 8_000)).toBe(60);
    expect(savesOf('busy', 1_000, 16_000)).toBe(60);
  });

  it('saves at the latest after so many entries', () => {
    const pace = paceOf();
    pace.noteEntries(defaultTuning.snapshotEveryEntries - 1);
    expect(pace.saveDue('busy', START, 1, 0)).toBe(false);
    pace.noteEntries(1);
    expect(pace.saveDue('busy', START, 1, 0)).toBe(true);
  });

  it('has no two partitions save in the same moment', () => {
    const first = (partition: number): number => {
      const pace = paceOf(partition);
      for (let now = START; ; now += 1) if (pace.saveDue('busy', now, 100, 0)) return now;
    };
    const times = Array.from({ length: 16 }, (_, partition) => first(partition)).sort((a, b) => a - b);
    const apart = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.min(...apart)).toBeGreaterThan(100);
    expect(Math.max(...times) - START).toBeLessThanOrEqual(5_000);
  });

  it('has everything written that is there before a partition is given away', () => {
    const pace = paceOf();
    pace.noteLatest(START);
    expect(pace.latestDue('leaving', START, 1)).toBe(true);
    expect(pace.latestDue('busy', START, 1)).toBe(false);
  });
});
