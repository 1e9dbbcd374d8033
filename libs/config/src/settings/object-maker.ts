import { z } from 'zod';

/**
 * How an object treats fields that it does not know. The settings file is `strict` (an unknown field is most likely a typo and
 * is reported); messages that carry settings are `tolerant` (a newer service may have added a field).
 */
export type ObjectMaker = typeof z.object;

export const tolerant: ObjectMaker = z.object;
export const strict = z.strictObject as unknown as ObjectMaker;

/** A type and everything inside it, read-only. */
export type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
