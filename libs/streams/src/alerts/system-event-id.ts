import { createHash } from 'node:crypto';
import type { SystemEventCode } from '@wagehood/config';

/** The same words make the same id, so that what is told twice is recognised. No `:` in it (BullMQ). */
export function systemEventId(code: SystemEventCode, ...words: readonly string[]): string {
  return `${code}-${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 20)}`;
}
