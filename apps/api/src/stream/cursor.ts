/**
 * Where a client of `/stream` stands, as text in the id of every event. One part per log that its filter touches:
 * `c` calculation_events_stream, `s` signal_stream, `a` alert_stream, then partition, offset of an entry and, when only
 * its first n events were delivered, `_n`: `c0-120.c3-7_2.s0-9`: c0 after entry 120, c3 in entry 7 after 2 events.
 */
export type LogName = 'c' | 's' | 'a';

/** `c0`: log and partition. */
export type LogKey = `${LogName}${number}`;

export interface Position {
  readonly offset: number;
  /** Events of the entry at `offset` that were delivered; null = all of them. */
  readonly events: number | null;
}

export type Cursor = ReadonlyMap<LogKey, Position>;

/** Where a client begins. */
export interface StartingPoint {
  readonly cursor: Cursor;
  /** The number of partitions has changed since it left: what it had not read of the old logs cannot be had any more. */
  readonly isRepartitioned: boolean;
}

const PART = /^([csa])(\d{1,4})-(\d{1,15})(?:_(\d{1,7}))?$/;
const MAX_LENGTH = 32_768;

export const logKey = (log: LogName, partition: number): LogKey => `${log}${partition}`;

export function parseLogKey(key: LogKey): { readonly log: LogName; readonly partition: number } {
  return { log: key[0] as LogName, partition: Number(key.slice(1)) };
}

export function formatPosition(key: LogKey, { offset, events }: Position): string {
  return events === null ? `${key}-${offset}` : `${key}-${offset}_${events}`;
}

export function formatCursor(cursor: Cursor): string {
  return Array.from(cursor, ([key, position]) => formatPosition(key, position)).join('.');
}

/** Reads an id back; null when it is not one of ours. */
export function parseCursor(text: string): Cursor | null {
  const cursor = new Map<LogKey, Position>();
  if (text === '' || text.length > MAX_LENGTH) return null;
  for (const part of text.split('.')) {
    const match = PART.exec(part);
    if (!match) return null;
    const [, log, partition, offset, events] = match;
    cursor.set(logKey(log as LogName, Number(partition)), {
      offset: Number(offset),
      events: events === undefined ? null : Number(events),
    });
  }
  return cursor;
}

/** The last entry that need not be read again from this position on. */
export const readAfter = ({ offset, events }: Position): number => (events === null ? offset : offset - 1);
