import { lastKey, tokensKey } from '../layout/keys';
import type { RedisClient } from '../redis/connect';
import type { KnownSeries } from './series-book';

const FIELDS_AT_ONCE = 500;

/** A series of which the log has lost what it had accepted last. */
export interface LostEnd {
  readonly series: KnownSeries;
  /** Open time of the last bar that is still there, −1 if none. */
  readonly last: number;
}

/**
 * Compares one partition's log with what its producer remembers. The next bar of a series shows what a failover has taken of it; a
 * quiet series has no next bar, so somebody has to ask. Cheap as long as the newest entry of the log is our own newest one: then
 * everything before it is there as well.
 */
export class LogAudit {
  #entry = { offset: 0, token: '' };
  #isSuspect = false;

  constructor(private readonly tag: string) {}

  /** Notes an entry that Redis has accepted. One that does not follow ours may stand where others stood that are lost. */
  note(offset: number, token: string): void {
    if (offset !== this.#entry.offset + 1) this.#isSuspect = true;
    this.#entry = { offset, token };
  }

  /** Which of these series have lost their end. To be asked while no append is in flight. */
  async lostEnds(commands: RedisClient, series: () => Iterable<KnownSeries>): Promise<readonly LostEnd[]> {
    const [tail, token] = await Promise.all([
      commands.hget(lastKey(this.tag), '#'),
      commands.lindex(tokensKey('market_data_stream', this.tag), -1),
    ]);
    const entry = { offset: Number(tail ?? 0), token: token ?? '' };
    const isOurs = entry.offset === this.#entry.offset && entry.token === this.#entry.token;
    if (isOurs && !this.#isSuspect) return [];
    const lost = await this.#compare(commands, [...series()]);
    this.#entry = entry;
    this.#isSuspect = false;
    return lost;
  }

  async #compare(commands: RedisClient, all: readonly KnownSeries[]): Promise<LostEnd[]> {
    const lost: LostEnd[] = [];
    for (let i = 0; i < all.length; i += FIELDS_AT_ONCE) {
      const some = all.slice(i, i + FIELDS_AT_ONCE);
      const times = await commands.hmget(lastKey(this.tag), ...some.map(({ key }) => key));
      some.forEach((series, j) => {
        const last = Number(times[j] ?? -1);
        if (last < series.last) lost.push({ series, last });
      });
    }
    return lost;
  }
}
