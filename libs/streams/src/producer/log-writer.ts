import { setTimeout as delay } from 'node:timers/promises';
import { lastKey, stageKey, streamKey, tokensKey } from '../layout/keys';
import type { StreamsLog } from '../log';
import type { RedisClient, RedisLink } from '../redis/connect';
import { redisFault } from '../redis/errors';
import type { ProducerHooks } from './producer';
import type { ProducerTuning } from './producer-tuning';

/** What an append may have to wait for. */
const WAITS = {
  full: 'Redis is full',
  unknown: 'Redis does not answer',
  behind: 'calculation is behind',
  unconfigured: 'Redis has lost the configuration',
};
const RETRY_MS = 25;

/** An answer that ends the asking: anything but that there is no room. */
export type Taken<Reply> = Exclude<Reply, { readonly status: 'BACKPRESSURE' }>;

/** How appends of one partition reach Redis: asked again until it answers and has room. */
export class LogWriter {
  /** Why nothing can be appended at the moment, null when all is well. */
  blocked: string | null = null;
  closed = false;
  readonly #keys: readonly string[];
  #complaint = '';

  constructor(
    private readonly link: RedisLink,
    private readonly partition: number,
    private readonly tag: string,
    private readonly tuning: ProducerTuning,
    private readonly log: StreamsLog,
    private readonly hooks: ProducerHooks & { readonly isFull: () => boolean },
  ) {
    const stream = 'market_data_stream';
    this.#keys = [streamKey(stream, tag), lastKey(tag), tokensKey(stream, tag), stageKey('calculation', tag)];
  }

  /**
   * Repeats a call until Redis has room and answers. The reply is null when we were closed before that; `unsure`: an earlier try
   * was never answered.
   */
  async untilTaken<Reply extends { readonly status: string }>(
    call: (commands: RedisClient, keys: readonly string[]) => Promise<Reply>,
  ): Promise<{ readonly reply: Taken<Reply> | null; readonly unsure: boolean }> {
    let unsure = false;
    while (!this.closed) {
      const reply = this.hooks.isFull() ? 'full' : await this.#answerOf(call);
      if (reply === 'unknown') unsure = true;
      if (reply === 'full' || reply === 'unknown') await this.wait(reply);
      else if (reply.status === 'BACKPRESSURE') await this.wait('behind');
      else return { reply: reply as Taken<Reply>, unsure };
    }
    return { reply: null, unsure };
  }

  async #answerOf<Reply>(
    call: (commands: RedisClient, keys: readonly string[]) => Promise<Reply>,
  ): Promise<Reply | 'full' | 'unknown'> {
    try {
      return await call(this.link.commands, this.#keys);
    } catch (error) {
      const fault = redisFault(error);
      if (fault === 'other') this.#complain(String(error));
      return fault === 'full' ? 'full' : 'unknown';
    }
  }

  /** Once per reason: it is tried again many times a second. */
  #complain(error: string): void {
    if (error === this.#complaint) return;
    this.#complaint = error;
    this.log.error('the log refuses an append; trying again', { partition: this.partition, error });
  }

  async wait(why: keyof typeof WAITS): Promise<void> {
    this.blocked = `partition ${this.partition}: ${WAITS[why]}`;
    if (why === 'full' || why === 'behind') this.hooks.onBackPressure?.(this.partition, why);
    if (why !== 'behind') return delay(4 * RETRY_MS);
    // The batch may be large: it is sent again when there is room for it, and not before.
    do await delay(RETRY_MS);
    while (!this.closed && (await this.#isBehind()));
  }

  async #isBehind(): Promise<boolean> {
    const { commands } = this.link;
    try {
      const [bars, series, snapBars] = await Promise.all([
        commands.hget(lastKey(this.tag), '#bars'),
        commands.hlen(lastKey(this.tag)),
        commands.hget(stageKey('calculation', this.tag), 'snapBars'),
      ]);
      const { limitBars, limitBarsPerSeries } = this.tuning;
      return Number(bars ?? 0) - Number(snapBars ?? 0) > Math.max(limitBars, series * limitBarsPerSeries);
    } catch {
      return false; // the append itself will say what is wrong
    }
  }
}
