import type { Scope } from '../auth/api-key';
import type { Answer } from './send';

/** What a URL asks for, checked before: gives the answer of the moment. */
export type Ask = () => Answer | Promise<Answer>;

export interface KnownUrl {
  /** What a key must be allowed to do; null = no key needed. */
  readonly scope: Scope | null;
  readonly ask: Ask;
}

const MAX_URLS = 20_000;
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * URLs of GETs that were routed and checked under the present configuration, letter by letter. Bounded in number and in the bytes
 * of the answers that are kept behind them: what goes beyond makes it forget everything and learn anew.
 */
export class KnownUrls {
  readonly #urls = new Map<string, KnownUrl>();
  #under: unknown = null;
  #bytes = 0;

  /** @param configuration another object whenever the same URL may mean something else */
  constructor(
    private readonly configuration: () => unknown,
    private readonly limits = { urls: MAX_URLS, bytes: MAX_BYTES },
  ) {}

  find(url: string): KnownUrl | undefined {
    this.#checkConfiguration();
    return this.#urls.get(url);
  }

  learn(url: string, known: KnownUrl): void {
    this.#checkConfiguration();
    if (this.#urls.size >= this.limits.urls) this.#forget();
    this.#urls.set(url, known);
  }

  /** Told by those who keep an answer: how many bytes it is larger than the one before. */
  weigh(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.bytes) this.#forget();
  }

  #checkConfiguration(): void {
    const now = this.configuration();
    if (now === this.#under) return;
    this.#under = now;
    this.#forget();
  }

  #forget(): void {
    this.#urls.clear();
    this.#bytes = 0;
  }
}
