import type { BuilderState, Timeframe } from '@wagehood/market';

/** What was added to a feed in mid-stream and has not seen its past. */
export interface Cold {
  /** Identities of indicators, in every series that is not cold itself. */
  readonly indicators: readonly string[];
  /** Larger timeframes that are cold as a whole. */
  readonly timeframes: readonly Timeframe[];
  /** Whether there are such strategies, one stage on. */
  readonly strategies: boolean;
}

/** What is stored of one symbol's feed: its series, and the larger ones that are built from it. */
export interface StoredCell {
  /** Fingerprint of the plan that all of them follow. */
  readonly plan: string;
  /** Null when all of it has seen its past. */
  readonly cold: Cold | null;
  /** Open time (epoch ms) of its first bar; −Infinity when that is not on record. */
  readonly since: number;
  readonly feed: Uint8Array;
  readonly larger: readonly {
    readonly timeframe: Timeframe;
    readonly builder: BuilderState;
    readonly state: Uint8Array;
  }[];
}

interface Header {
  readonly plan: string;
  readonly cold?: Cold;
  readonly since?: number;
  readonly sizes: readonly number[];
  readonly larger: readonly { readonly timeframe: Timeframe; readonly builder: BuilderState }[];
}

/** Layout: length of the header (uint32, little-endian), header as JSON, then the states one after the other. */
export function encodeCell({ plan, cold, since, feed, larger }: StoredCell): Uint8Array {
  const states = [feed, ...larger.map(({ state }) => state)];
  const header: Header = {
    plan,
    ...(cold ? { cold } : {}),
    ...(Number.isFinite(since) ? { since } : {}),
    sizes: states.map(({ byteLength }) => byteLength),
    larger: larger.map(({ timeframe, builder }) => ({ timeframe, builder })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  return Buffer.concat([length, text, ...states]);
}

/** @throws when the bytes are cut short or no cell at all */
export function decodeCell(bytes: Uint8Array): StoredCell {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + buffer.readUInt32LE(0);
  const header = JSON.parse(buffer.toString('utf8', 4, end)) as Header;
  let at = end;
  const states = header.sizes.map((size) => bytes.slice(at, (at += size)));
  const [feed, ...rest] = states;
  if (!feed || at !== bytes.byteLength) throw new Error(`stored state has ${bytes.byteLength} bytes, expected ${at}`);
  return {
    plan: header.plan,
    cold: header.cold ?? null,
    since: header.since ?? Number.NEGATIVE_INFINITY,
    feed,
    larger: header.larger.map((entry, i) => ({ ...entry, state: rest[i] as Uint8Array })),
  };
}
