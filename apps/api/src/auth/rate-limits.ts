import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** What is left of a budget after a request. */
export interface Budget {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the budget is full again. */
  readonly resetMs: number;
}

export interface RateLimits {
  /** Takes one request from the budget of a key or an address. */
  request(who: string): Promise<Budget>;
  /** Takes one failed authentication from the budget of an address. */
  failure(address: string): Promise<Budget>;
}

export interface RateLimitOptions {
  /** The shared command connection; `defineCommand` and `status` are used. */
  readonly redis: unknown;
  /** Requests per window and key (or address, without one). */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Failed authentications per window and address. */
  readonly failures: number;
}

/** Budgets shared by all replicas in Redis; while Redis is away each replica counts in memory. */
export function createRateLimits({ redis, requests, windowSeconds, failures }: RateLimitOptions): RateLimits {
  const budgetOf = (keyPrefix: string, points: number) => {
    const shape = { keyPrefix, points, duration: windowSeconds };
    const limiter = new RateLimiterRedis({
      ...shape,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: new RateLimiterMemory(shape),
    });
    return async (who: string): Promise<Budget> => {
      try {
        return budget(true, points, await limiter.consume(who));
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return budget(false, points, refusal);
        throw refusal;
      }
    };
  };
  return { request: budgetOf('api:rate', requests), failure: budgetOf('api:auth-failures', failures) };
}

const budget = (allowed: boolean, limit: number, state: RateLimiterRes): Budget => ({
  allowed,
  limit,
  remaining: Math.max(0, Math.min(limit, state.remainingPoints)),
  resetMs: Math.max(0, state.msBeforeNext),
});
