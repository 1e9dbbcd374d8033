import type { Request, RequestHandler, Response } from 'express';
import { forbidden, tooManyRequests, unauthorized } from '../http/problem';
import { MicroCache } from '../read-model/micro-cache';
import { allows, parseApiKey, secretMatches, type KeyRecord, type Scope } from './api-key';
import type { KeyStore } from './key-store';
import type { Budget, RateLimits } from './rate-limits';

/** How long a key that was looked up is trusted: a revoked key works for this long at most. */
const KEY_TRUST_MS = 1_000;
const MAX_REMEMBERED_KEYS = 10_000;

/** Middleware that lets a request pass when its key has the scope and budget left. */
export interface Guard {
  /** `null`: no key needed; the budget of the address still counts. */
  requires(scope: Scope | null): readonly RequestHandler[];
}

export interface GuardOptions {
  readonly store: KeyStore;
  /** Null: requests are not limited. */
  readonly limits: RateLimits | null;
  /** True with `API_AUTH=off`. */
  readonly open: boolean;
}

export function createGuard({ store, limits, open }: GuardOptions): Guard {
  const records = new MicroCache<{ record: KeyRecord | null }>(KEY_TRUST_MS, MAX_REMEMBERED_KEYS);
  const lookUp = (id: string) => records.get(id, async () => ({ record: await store.find(id) }));

  const spend = async (req: Request, res: Response, who: string): Promise<void> => {
    if (!limits) return;
    const budget = await limits.request(who);
    describeBudget(res, budget);
    if (!budget.allowed) throw refuse(budget, `more than ${budget.limit} requests`);
  };

  const refuseKey = async (req: Request, res: Response, reason: string): Promise<never> => {
    const budget = await limits?.failure(req.ip ?? 'unknown');
    if (budget && !budget.allowed) {
      describeBudget(res, budget);
      throw refuse(budget, 'too many failed attempts from this address');
    }
    throw unauthorized(reason);
  };

  const authenticate = async (req: Request, res: Response): Promise<KeyRecord> => {
    const header = req.headers.authorization;
    if (header === undefined) throw unauthorized('send it as "Authorization: Bearer wh_…"');
    const presented = parseApiKey(header.replace(/^Bearer +/i, ''));
    if (!presented) return refuseKey(req, res, 'what was sent is not an API key');
    const { record } = await lookUp(presented.id);
    if (!record || !secretMatches(record, presented.secret)) return refuseKey(req, res, 'this key is not valid');
    return record;
  };

  return {
    requires(scope) {
      if (open && !limits) return [];
      return [
        async (req, res, next) => {
          if (open || scope === null) {
            await spend(req, res, `ip:${req.ip ?? 'unknown'}`);
          } else {
            const record = await authenticate(req, res);
            res.locals['keyName'] = record.name;
            await spend(req, res, `key:${record.id}`);
            if (!allows(record, scope)) throw forbidden(scope);
          }
          next();
        },
      ];
    },
  };
}

function describeBudget(res: Response, { limit, remaining, resetMs }: Budget): void {
  res.setHeader('X-RateLimit-Limit', limit);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.ceil((Date.now() + resetMs) / 1_000));
}

const refuse = (budget: Budget, reason: string) =>
  tooManyRequests(Math.max(1, Math.ceil(budget.resetMs / 1_000)), reason);
