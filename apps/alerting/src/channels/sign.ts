import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-Wagehood-Signature`: `t=<epoch seconds>,v1=<hex of HMAC-SHA256(secret, "t.body")>`. The time is signed too, so
 * that a receiver can refuse what is old.
 */
export function signBody(secret: string, body: string, epochSeconds: number): string {
  return `t=${epochSeconds},v1=${digest(secret, body, epochSeconds).toString('hex')}`;
}

/** What a receiver does with the header: true if it is ours and not older (or newer) than `toleranceSeconds`. */
export function verifySignature(
  secret: string,
  body: string,
  header: string,
  nowSeconds: number,
  toleranceSeconds = 300,
): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  if (!match) return false;
  const time = Number(match[1]);
  if (Math.abs(nowSeconds - time) > toleranceSeconds) return false;
  return timingSafeEqual(digest(secret, body, time), Buffer.from(match[2] as string, 'hex'));
}

function digest(secret: string, body: string, epochSeconds: number): Buffer {
  return createHmac('sha256', secret).update(`${epochSeconds}.${body}`).digest();
}
