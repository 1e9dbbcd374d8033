import type { FeedBar } from '../provider';

interface Head {
  readonly source: AsyncIterator<FeedBar[]>;
  bars: FeedBar[];
  at: number;
}

/** Joins sources that are each in order into one stream in order of open time; chunks are of one source or of many. */
export async function* mergeByTime(sources: readonly AsyncIterable<FeedBar[]>[]): AsyncGenerator<FeedBar[]> {
  const heads: Head[] = [];
  try {
    for (const source of sources) {
      const head = { source: source[Symbol.asyncIterator](), bars: [], at: 0 };
      if (await refill(head)) heads.push(head);
    }
    while (heads.length > 0) yield await nextChunk(heads);
  } finally {
    for (const { source } of heads) await source.return?.();
  }
}

/** Takes bars in order until one source has run out; only then may it wait for input. */
async function nextChunk(heads: Head[]): Promise<FeedBar[]> {
  const chunk: FeedBar[] = [];
  for (;;) {
    const head = heads.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a));
    chunk.push(head.bars[head.at++] as FeedBar);
    if (head.at < head.bars.length) continue;
    if (!(await refill(head))) heads.splice(heads.indexOf(head), 1);
    return chunk;
  }
}

const timeOf = ({ bars, at }: Head): number => (bars[at] as FeedBar).openTime;

async function refill(head: Head): Promise<boolean> {
  const next = await head.source.next();
  if (next.done) return false;
  head.bars = next.value;
  head.at = 0;
  return true;
}
