import { sampleStats, sampleSignal } from '../testing/samples';
import { replayReport } from './report';
import { watchReplay } from './watch-replay';

const quiet = { ...sampleStats, stages: sampleStats.stages.map((stage) => ({ ...stage, lagBars: 0 })) };

describe('watchReplay', () => {
  it('is finished once: after the end of the data, when nothing waits and the figures stand still', () => {
    const onFinished = jest.fn();
    const watch = watchReplay(onFinished);
    watch.onStats(quiet);
    watch.onStats(quiet);
    watch.onMessage('end of data: the provider has no more bars');
    watch.onStats(sampleStats); // something waits
    watch.onStats({ ...quiet, bars: 20_000 }); // more has come
    watch.onStats({ ...quiet, bars: 20_000 });
    expect(onFinished).not.toHaveBeenCalled();
    watch.onStats({ ...quiet, bars: 20_000 });
    watch.onStats({ ...quiet, bars: 20_000 });
    expect(onFinished).toHaveBeenCalledTimes(1);
  });
});

describe('replayReport', () => {
  it('lists signals in order of time and counts them by strategy', () => {
    const earlier = { ...sampleSignal, barOpenTime: '2001-01-02T00:00:00.000Z', strategy: 'ma_crossover_strategy' };
    const lines = replayReport(['SPX'], 5_104, [sampleSignal, earlier]);
    expect(lines[1]).toBe('The replay of SPX is finished: 5 104 bars, 2 signals.');
    expect(lines.findIndex((line) => line.includes('2001-01-02'))).toBeLessThan(
      lines.findIndex((line) => line.includes('2003-04-01')),
    );
    expect(lines.filter((line) => /_strategy +1$/.test(line))).toHaveLength(2);
  });
});
