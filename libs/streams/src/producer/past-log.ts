import { seriesKey } from '@wagehood/market';
import { appendPast, type AppendPastReply } from '../protocol/scripts';
import type { LogWriter, Taken } from './log-writer';
import { pastUpTo, REVISIONS_KEPT, type CorrectionOutcome, type PastEntry, type WarmupOutcome } from './past-entry';
import type { ProducerHooks } from './producer';
import type { ProducerTuning } from './producer-tuning';
import type { ResendRing } from './resend-ring';

/** How the past of a series gets into its log: brought up to where the series stands, as often as that moves. */
export class PastLog {
  constructor(
    private readonly partition: number,
    private readonly redis: LogWriter,
    private readonly ring: ResendRing,
    private readonly tuning: ProducerTuning,
    private readonly hooks: ProducerHooks,
  ) {}

  /** `revised`: time and revision of what has to be in it, …, oldest first. */
  async append<Entry extends PastEntry>(
    entry: Entry,
    version: number | '',
    revised: readonly number[],
  ): Promise<WarmupOutcome | CorrectionOutcome> {
    const series = seriesKey(entry.symbol, entry.timeframe);
    const remember = this.ring.between.bind(this.ring);
    const startedAt = performance.now();
    for (let past: Entry | null = entry; past && past.bars.length > 0;) {
      const end = past.bars.at(-1)?.timestamp ?? -1;
      if (end < (revised.at(-2) ?? 0)) return 'apart'; // the log has not got that far, or no longer
      const reply = await this.send(version, JSON.stringify(past), past.bars.length, [series, end], revised);
      if (reply?.status === 'DUP') return 'known';
      if (reply?.status === 'OLD') return 'forgotten';
      if (reply?.status === 'OK') {
        this.hooks.onAppended?.(this.partition, 0, reply.token, performance.now() - startedAt);
        return 'appended';
      }
      if (reply?.status !== 'MOVED') return 'outdated';
      past = pastUpTo(past, reply.last, remember);
    }
    return 'apart';
  }

  /** Null when we were closed before it was answered. */
  async send(
    version: number | '',
    data: string,
    bars: number,
    carried: readonly (string | number)[],
    revised: readonly number[],
  ): Promise<Taken<AppendPastReply> | null> {
    const lists = [JSON.stringify(carried), JSON.stringify(revised)];
    const { limitBars, limitBarsPerSeries } = this.tuning;
    const args = [limitBars, version, data, bars, ...lists, REVISIONS_KEPT, limitBarsPerSeries];
    const { reply } = await this.redis.untilTaken((commands, keys) => appendPast.run(commands, keys, args));
    return reply;
  }
}
