import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { forbidden, tooManyRequests, unauthorized } from '../http/problem';
import { MicroCache } from '../read-model/micro-cache';
import { allows, parseApiKey, secretMatches, type KeyRecord, type Scope } from './api-key';
import { clientAddress } from './client-address';
import type { KeyStore } from './key-store';
import type { Budget, RateLimits } from './rate-limits';

/** How long a key that was looked up is trusted: a revoked key works for this long at most. */
const KEY_TRUST_MS = 1_000;
const MAX_REMEMBERED_KEYS = 10_000;

/** Who was let in; null = somebody without a key. */
export type Caller = { readonly keyName: string } | null;

/** Lets a request pass when its key has the scope and budget left. */
export interface Guard {
  /** `null`: no key needed; the budget of the address still counts. @throws Problem 401, 403 or 429, also as a rejection */
  admit(scope: Scope | null, req: IncomingMessage, res: ServerResponse): Caller | Promise<Caller>;
  /** The same as middleware. */
  requires(scope: Scope | null): readonly RequestHandler[];
}

export interface GuardOptions {
  readonly store: KeyStore;
  /** Null: requests are not limited. */
  readonly limits: RateLimits | null;
  /** True with `API_AUTH=off`. */
  readonly open: boolean;
  /** Proxies in front whose `X-Forwarded-For` is believed. */
  readonly proxyHops: number;
}

export function createGuard({ store, limits, open, proxyHops }: GuardOptions): Guard {
  const records = new MicroCache<{ record: KeyRecord | null }>(KEY_TRUST_MS, MAX_REMEMBERED_KEYS);
  const lookUp = (id: string) => records.get(id, async () => ({ record: await store.find(id) }));

  const spend = async (res: ServerResponse, who: string): Promise<void> => {
    if (!limits) return;
    const budget = await limits.request(who);
    describeBudget(res, budget);
    if (!budget.allowed) throw refuse(budget, `more than ${budget.limit} requests`);
  };

  const refuseKey = async (req: IncomingMessage, res: ServerResponse, reason: string): Promise<never> => {
    const budget = await limits?.failure(clientAddress(req, proxyHops));
    if (budget && !budget.allowed) {
      describeBudget(res, budget);
      throw refuse(budget, 'too many failed attempts from this address');
    }
    throw unauthorized(reason);
  };

  const authenticate = async (req: IncomingMessage, res: ServerResponse): Promise<KeyRecord> => {
    const header = req.headers.authorization;
    if (header === undefined) throw unauthorized('send it as "Authorization: Bearer wh_…"');
    const presented = parseApiKey(header.replace(/^Bearer +/i, ''));
    if (!presented) return refuseKey(req, res, 'what was sent is not an API key');
    const { record } = await lookUp(presented.id);
    if (!record || !secretMatches(record, presented.secret)) return refuseKey(req, res, 'this key is not valid');
    return record;
  };

  const admitKey = async (scope: Scope, req: IncomingMessage, res: ServerResponse): Promise<Caller> => {
    const record = await authenticate(req, res);
    await spend(res, `key:${record.id}`);
    if (!allows(record, scope)) throw forbidden(scope);
    return { keyName: record.name };
  };

  const admit: Guard['admit'] = (scope, req, res) => {
    if (!open && scope !== null) return admitKey(scope, req, res);
    return limits ? spend(res, `ip:${clientAddress(req, proxyHops)}`).then(() => null) : null;
  };

  return {
    admit,
    requires(scope) {
      if (open && !limits) return [];
      return [
        async (req, res, next) => {
          const caller = await admit(scope, req, res);
          if (caller) res.locals['keyName'] = caller.keyName;
          next();
        },
      ];
    },
  };
}

function describeBudget(res: ServerResponse, { limit, remaining, resetMs }: Budget): void {
  res.setHeader('X-RateLimit-Limit', limit);
  res.setHeader('X-RateLimit-Remaining', remaining);
  res.setHeader('X-RateLimit-Reset', Math.ceil((Date.now() + resetMs) / 1_000));
}

const refuse = (budget: Budget, reason: string) =>
  tooManyRequests(Math.max(1, Math.ceil(budget.resetMs / 1_000)), reason);
