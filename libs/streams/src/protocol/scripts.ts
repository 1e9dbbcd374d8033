import { defineScript } from '../redis/define-script';
import acquireLua from '../lua/acquire.lua';
import appendLua from '../lua/append.lua';
import appendPastLua from '../lua/append-past.lua';
import claimPartitionsLua from '../lua/claim-partitions.lua';
import commitLua from '../lua/commit.lua';
import heartbeatLua from '../lua/heartbeat.lua';
import leaveLua from '../lua/leave.lua';
import liveMembersLua from '../lua/live-members.lua';
import movePartitionsLua from '../lua/move-partitions.lua';
import probeLua from '../lua/probe.lua';
import publishAlertLua from '../lua/publish-alert.lua';
import raiseEventLua from '../lua/raise-event.lua';
import releaseLua from '../lua/release.lua';
import replaceListLua from '../lua/replace-list.lua';
import resyncLua from '../lua/resync.lua';
import standAsideLua from '../lua/stand-aside.lua';
import writeControlLua from '../lua/write-control.lua';

/** The scripts of the protocol with their replies as closed unions. What each guarantees is said at the head of its file. */

export interface Refusal {
  /** Index of the run in the call. */
  readonly index: number;
  readonly verdict: 'OLD' | 'HOLE';
  /** Last accepted open time of the series, −1 if none. */
  readonly last: number;
}

export type AppendReply =
  | { readonly status: 'OK'; readonly offset: number; readonly token: string }
  | { readonly status: 'BACKPRESSURE'; readonly aheadBars: number }
  | { readonly status: 'UNCONFIGURED' }
  | { readonly status: 'REJECTED'; readonly refusals: readonly Refusal[] };

export type AppendPastReply =
  | { readonly status: 'OK'; readonly offset: number; readonly token: string }
  | { readonly status: 'DUP' | 'OLD' }
  | { readonly status: 'STALE'; readonly version: number }
  | { readonly status: 'MOVED'; readonly last: number }
  | { readonly status: 'BACKPRESSURE'; readonly aheadBars: number };

export interface StagePosition {
  readonly epoch: number;
  readonly off: number;
  readonly snap: number;
  readonly out: number;
  readonly attempts: number;
  readonly offBars: number;
  readonly snapBars: number;
  readonly outBars: number;
  /** Number of the last commit. */
  readonly seq: number;
  /** What the last owner was about to touch when it died in careful mode, '' if nothing. */
  readonly probe: string;
}

export type AcquireReply =
  | ({ readonly status: 'OK' } & StagePosition)
  | { readonly status: 'LOST'; readonly epoch: number; readonly owner: string }
  | { readonly status: 'NEWER'; readonly version: number }
  | { readonly status: 'VANISHED' };

export type CommitReply =
  | { readonly status: 'OK'; readonly out: number; readonly atMicros: number }
  | { readonly status: 'DUP'; readonly out: number }
  | { readonly status: 'STALE'; readonly off: number }
  | { readonly status: 'BACKPRESSURE'; readonly aheadBars: number }
  | { readonly status: 'FENCED' | 'ROLLBACK' };

const list = (raw: unknown): (string | number)[] => raw as (string | number)[];

export const append = defineScript<AppendReply>(appendLua, (raw) => {
  const [status, ...rest] = list(raw);
  if (status === 'OK') return { status, offset: Number(rest[0]), token: String(rest[1]) };
  if (status === 'BACKPRESSURE') return { status, aheadBars: Number(rest[0]) };
  if (status === 'UNCONFIGURED') return { status };
  const refusals: Refusal[] = [];
  for (let i = 0; i < rest.length; i += 3) {
    refusals.push({ index: Number(rest[i]), verdict: rest[i + 1] as Refusal['verdict'], last: Number(rest[i + 2]) });
  }
  return { status: 'REJECTED', refusals };
});

export const appendPast = defineScript<AppendPastReply>(appendPastLua, (raw) => {
  const [status, value, token] = list(raw);
  if (status === 'OK') return { status, offset: Number(value), token: String(token) };
  if (status === 'STALE') return { status, version: Number(value) };
  if (status === 'MOVED') return { status, last: Number(value) };
  if (status === 'BACKPRESSURE') return { status, aheadBars: Number(value) };
  return { status: status as 'DUP' | 'OLD' };
});

export const acquire = defineScript<AcquireReply>(acquireLua, (raw) => {
  const [status, ...rest] = list(raw);
  if (status === 'LOST') return { status, epoch: Number(rest[0]), owner: String(rest[1]) };
  if (status === 'NEWER') return { status, version: Number(rest[0]) };
  if (status === 'VANISHED') return { status };
  const number = (i: number): number => Number(rest[i]);
  return {
    status: 'OK',
    epoch: number(0),
    off: number(1),
    snap: number(2),
    out: number(3),
    attempts: number(4),
    offBars: number(5),
    snapBars: number(6),
    outBars: number(7),
    seq: number(8),
    probe: String(rest[9] ?? ''),
  };
});

export const commit = defineScript<CommitReply>(commitLua, (raw) => {
  const [status, a, b] = list(raw);
  if (status === 'OK') return { status, out: Number(a), atMicros: Number(b) };
  if (status === 'DUP') return { status, out: Number(a) };
  if (status === 'STALE') return { status, off: Number(a) };
  if (status === 'BACKPRESSURE') return { status, aheadBars: Number(a) };
  return { status: status as 'FENCED' | 'ROLLBACK' };
});

export const resync = defineScript<{ status: 'OK'; off: number } | { status: 'FENCED' }>(resyncLua, (raw) => {
  const [status, off] = list(raw);
  return status === 'OK' ? { status, off: Number(off) } : { status: 'FENCED' };
});

export const release = defineScript<boolean>(releaseLua, (raw) => raw === 1);
export const standAside = defineScript<boolean>(standAsideLua, (raw) => raw === 1);
export const probe = defineScript<boolean>(probeLua, (raw) => raw === 1);

export const heartbeat = defineScript<{
  known: boolean;
  live: readonly string[];
  leaving: readonly string[];
}>(heartbeatLua, (raw) => {
  const [known, live, leaving] = raw as [number, string[], string[]];
  return { known: known === 1, live: live.sort(), leaving }; // by name: the order of deadlines changes with every heartbeat
});

export const leave = defineScript<number>(leaveLua, Number);

export const liveMembers = defineScript<string[]>(liveMembersLua, (raw) => raw as string[]);

export const writeControl = defineScript<{ written: boolean; version: number }>(writeControlLua, (raw) => {
  const [written, version] = list(raw);
  return { written: written === 1, version: Number(version) };
});

export const publishAlert = defineScript<number>(publishAlertLua, Number);
export const raiseEvent = defineScript<number>(raiseEventLua, Number);
export const claimPartitionsScript = defineScript<string>(claimPartitionsLua, String);
export const movePartitions = defineScript<string>(movePartitionsLua, String);
export const replaceList = defineScript<number>(replaceListLua, Number);
