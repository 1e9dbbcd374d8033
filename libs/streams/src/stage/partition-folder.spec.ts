import { numberedBars } from '../testing/bars';
import { BatchReader } from '../wire/batch-reader';
import { barFormat, type BarText } from '../wire/read-bars';
import { encodeBars } from '../wire/write-bars';
import { HistoryWriter } from './history-writer';
import { logEntry } from './log-entry';
import { PartitionFolder } from './partition-folder';
import type { PartitionProcessor } from './processor';

describe('PartitionFolder', () => {
  it('counts what stands before a break in an entry, and puts the entry aside once', () => {
    const [seen, letters] = [[] as number[], [] as { offset: number; error: string }[]];
    const processor: PartitionProcessor<BarText> = {
      load: () => undefined,
      decode: (entry) => new BatchReader(entry.bytes, barFormat()),
      step: ({ bar }) => void seen.push(bar.close),
      save: () => null,
      describe: () => ({ symbol: null, timeframe: null, payload: '' }),
    };
    const history = new HistoryWriter('0', () => 1);
    const folder = new PartitionFolder(processor, history, 'bar', { offset: 0, bars: 0 }, (letter) =>
      letters.push(letter),
    );
    const whole = encodeBars(numberedBars(['SPY'], 1, 3));
    const entryOf = (offset: number, data: Buffer) =>
      logEntry({ offset, kind: 'bar', data, token: `${offset}`, bars: 3 * offset });
    const broken = Buffer.from(whole.toString().replace('[],[],', '[],[},'));
    folder.foldAll([entryOf(1, broken), entryOf(2, whole)]);
    expect(seen).toEqual([1, 2, 1, 2, 3]);
    expect(letters).toEqual([expect.objectContaining({ offset: 1, error: expect.stringContaining('JSON') as string })]);
    expect(folder.outbox.letters).toHaveLength(1);
    expect(folder.position.offset).toBe(2);
  });
});
