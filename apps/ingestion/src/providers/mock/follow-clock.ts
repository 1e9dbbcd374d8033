import { openTimeOf, timeframeMs } from '@wagehood/market';
import { type BarMaker, createBarMaker, lagOf } from '@wagehood/mock-market';
import { pause } from '../pause';
import type { FeedBar, FeedRequest, OnBars } from '../provider';
import { Agenda } from './agenda';
import type { Plan } from './generate';

export interface ClockedFeeds {
  readonly feeds: readonly FeedRequest[];
  readonly onBars: OnBars;
  readonly signal: AbortSignal;
  /** Simulated time, epoch ms. */
  readonly now: () => number;
  /** Simulated ms per real ms. */
  readonly factor: number;
  /** Simulated ms between two updates of one symbol; shorter than the timeframe = forming bars in between. */
  readonly intervalMs: number;
}

interface Track {
  readonly maker: BarMaker;
  readonly lagMs: number;
  next: number;
  /** Simulated time of the next update. */
  dueAt: number;
}

/** Symbols whose updates lie closer together than this (real ms) are handed over in one batch. */
const TICK_MS = 10;
/** Bars per batch while catching up after a pause (a stopped process, a sleeping laptop). */
const CATCH_UP = 1_000;

/** Delivers bars as the clock closes them. After a stall every missed bar is delivered, in order. */
export async function followClock(plan: Plan, clocked: ClockedFeeds): Promise<void> {
  const { onBars, signal, now, factor } = clocked;
  const agenda = new Agenda<Track>(Math.max(TICK_MS * factor, clocked.intervalMs / 1_000));
  for (const feed of clocked.feeds) agenda.add(startTrack(plan, feed, clocked));
  while (!agenda.isEmpty && !signal.aborted) {
    const time = now();
    const batch: FeedBar[] = [];
    for (const track of agenda.take(time)) {
      if (batch.length < CATCH_UP) update(plan, track, time, clocked.intervalMs, batch);
      if (track.next < plan.end) agenda.add(track);
    }
    if (batch.length > 0) await onBars(batch);
    if (signal.aborted || agenda.isEmpty) return;
    await pause(Math.max((agenda.nextAt - now()) / factor, batch.length < CATCH_UP ? TICK_MS : 0), signal);
  }
}

function startTrack(plan: Plan, { symbol, after }: FeedRequest, { now, intervalMs }: ClockedFeeds): Track {
  const lagMs = lagOf(symbol, intervalMs);
  const time = now() - lagMs;
  const fresh = Math.max(openTimeOf(time, plan.timeframe), plan.start);
  return {
    maker: createBarMaker(plan.seed, symbol, plan.timeframe),
    lagMs,
    next: after === null ? fresh : after + timeframeMs(plan.timeframe),
    dueAt: Math.floor(time / intervalMs + 1) * intervalMs + lagMs,
  };
}

function update(plan: Plan, track: Track, time: number, intervalMs: number, batch: FeedBar[]): void {
  const spanMs = timeframeMs(plan.timeframe);
  const seen = time - track.lagMs;
  while (track.next + spanMs <= seen && track.next < plan.end) {
    if (batch.length >= CATCH_UP) return;
    batch.push(track.maker.final(track.next));
    track.next += spanMs;
  }
  if (seen > track.next && track.next < plan.end && seen - track.next >= intervalMs)
    batch.push(track.maker.forming(track.next, seen));
  track.dueAt = Math.floor(seen / intervalMs + 1) * intervalMs + track.lagMs;
}
