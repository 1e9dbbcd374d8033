import { readBatch } from '@wagehood/contracts';
import { HistoryWriter, type HistoryFlush, type HistoryPosition } from '../stage/history-writer';
import { PartitionFolder } from '../stage/partition-folder';
import { logEntry, type LogEntry } from '../stage/log-entry';
import type { DeadLetter, PartitionProcessor } from '../stage/processor';
import { parseChunk } from '../read/history-reader';

/** Token of the first entry, µs; each later one is a millisecond younger. */
const FIRST_TOKEN = 1_767_571_200_000_000;

/**
 * One partition without Redis: entries go through the real folder, every entry is committed at once, and what a commit
 * would have stored is kept in maps. `restart` dies and goes on from there, as a takeover does.
 */
export class MemoryPartition<Item extends { readonly cell: string }> {
  /** Output entries: kind and JSON text. */
  readonly outs: { readonly kind: string; readonly data: string }[] = [];
  readonly letters: DeadLetter[] = [];
  readonly latest = new Map<string, string>();
  readonly lists = new Map<string, string[]>();
  readonly #log: LogEntry[] = [];
  readonly #cells = new Map<string, { offset: number; bytes: Uint8Array }>();
  readonly #chunks = new Map<string, Buffer>();
  readonly #positions = new Map<string, HistoryPosition>();
  #snap = { offset: 0, bars: 0 };
  #folder!: PartitionFolder<Item>;
  #processor!: PartitionProcessor<Item>;

  constructor(private readonly createProcessor: () => PartitionProcessor<Item>) {
    this.restart();
  }

  /** Appends an entry to the log, folds it and commits what it gives out. */
  append(kind: string, data: string, bars = 1): LogEntry {
    const offset = this.#log.length + 1;
    const token = `${FIRST_TOKEN + offset * 1_000}`;
    const entry = logEntry({ offset, kind, data, token, bars: (this.#log.at(-1)?.bars ?? 0) + bars });
    this.#log.push(entry);
    this.#folder.fold(entry);
    this.#commit([]);
    return entry;
  }

  /** Commits up to `cells` of the cells that have waited longest, with their rows of history and all latest values. */
  save(cells = Infinity): void {
    this.#commit(this.#folder.dirty.oldest(cells));
  }

  /** Dies and starts again: loads what was saved and folds again what came after the snapshot. */
  restart(): void {
    const history = new HistoryWriter('t', () => Infinity);
    for (const [series, at] of this.#positions) history.load(series, at);
    this.#processor = this.createProcessor();
    this.#folder = new PartitionFolder(this.#processor, history, 'out', { ...this.#snap }, () => undefined);
    const cells = [...this.#cells].sort(([a], [b]) => Number(b.startsWith('#')) - Number(a.startsWith('#')));
    for (const [cell, { offset, bytes }] of cells) this.#folder.loadCell(cell, offset, bytes);
    for (const entry of this.#log.slice(this.#snap.offset)) this.#folder.replay(entry);
    this.#folder.endReplay();
  }

  /** The stored bytes of every cell. */
  get stored(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#cells].map(([cell, { bytes }]) => [cell, bytes]));
  }

  /** Events given out so far, oldest first: JSON texts' values. */
  events<Event>(kind = 'out'): Event[] {
    const texts = this.outs.filter((out) => out.kind === kind).map(({ data }) => data);
    return texts.flatMap((text) => (text.startsWith('[') ? readBatch(text) : [JSON.parse(text)]) as Event[]);
  }

  /** Stored rows of a series with the columns of their time. */
  rows(series: string): { columns: readonly string[]; row: Float64Array }[] {
    const own = [...this.#chunks].filter(([key]) => key.startsWith(`history:{t}:${series}:`));
    return own.flatMap(([, bytes]) => {
      const { columns, rows } = parseChunk(bytes);
      return rows.map((row) => ({ columns, row }));
    });
  }

  #commit(saving: readonly string[]): void {
    const { outbox, dirty, position, history } = this.#folder;
    outbox.closeEntry();
    this.outs.push(...outbox.outs.map((out) => ({ ...out, data: out.data.toString() })));
    for (const json of outbox.letters) this.letters.push(JSON.parse(json) as DeadLetter);
    for (const [key, { jsons }] of outbox.lists)
      this.lists.set(key, [...(this.lists.get(key) ?? []), ...jsons.map((json) => json.toString())]);
    for (const series of outbox.hidden) this.latest.delete(series);
    for (const [series, json] of outbox.latest.texts(saving)) this.latest.set(series, json.toString());
    outbox.clear(saving);
    if (saving.length === 0) return;

    const flush: HistoryFlush = { chunks: [], index: [], dropped: [] };
    this.#snap = dirty.snapshotWithout(saving, position);
    history.flush(saving, position.offset, flush);
    for (const [key, bytes] of flush.chunks)
      this.#chunks.set(key, Buffer.concat([this.#chunks.get(key) ?? Buffer.alloc(0), bytes]));
    for (const [series, json] of flush.index) this.#positions.set(series, JSON.parse(json) as HistoryPosition);
    for (const cell of saving) {
      const bytes = this.#processor.save(cell, this.#snap.offset);
      if (bytes) this.#cells.set(cell, { offset: position.offset, bytes: bytes.slice() });
      dirty.forget(cell);
    }
  }
}
