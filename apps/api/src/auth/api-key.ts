import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may do: read = every GET, write = change the watchlist, admin = everything. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** A key at rest: everything but the secret. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
  readonly createdAt: string;
}

/** `wh_<id>_<secret>`: 12 hex digits of id, 64 of secret (256 bit). */
const KEY = /^wh_([0-9a-f]{12})_([0-9a-f]{64})$/;

export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

/** The parts of a key as a client sends it; null when it has another shape. */
export function parseApiKey(text: string): PresentedKey | null {
  const match = KEY.exec(text);
  return match ? { id: match[1] as string, secret: match[2] as string } : null;
}

/** A fresh key: the text, shown once, and the record to keep. */
export function createApiKey(name: string, scopes: readonly Scope[], now: Date): { key: string; record: KeyRecord } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('hex');
  return { key: `wh_${id}_${secret}`, record: keyRecord({ id, secret }, name, scopes, now) };
}

export function keyRecord({ id, secret }: PresentedKey, name: string, scopes: readonly Scope[], now: Date): KeyRecord {
  return { id, name, scopes: [...scopes], hash: digest(secret).toString('hex'), createdAt: now.toISOString() };
}

/** Compares in constant time. */
export function secretMatches(record: KeyRecord, secret: string): boolean {
  const known = Buffer.from(record.hash, 'hex');
  const given = digest(secret);
  return known.length === given.length && timingSafeEqual(known, given);
}

export const allows = (record: KeyRecord, scope: Scope): boolean =>
  record.scopes.includes('admin') || record.scopes.includes(scope);

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
