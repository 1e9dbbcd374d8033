export interface RedisTls {
  /** PEM texts, not paths. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/**
 * How to reach Redis. `url` wins over `host` and `port` and may be `redis://`, `rediss://` or `unix:///path`; at most one of
 * `cluster` and `sentinels` is present. `sentinelName` is the name of the master that the sentinels watch.
 */
export interface RedisSettings {
  readonly url?: string;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** Present = speak TLS. */
  readonly tls?: RedisTls;
  readonly cluster?: readonly RedisNode[];
  readonly sentinels?: readonly RedisNode[];
  readonly sentinelName?: string;
  /** Of the sentinels themselves; they have users of their own. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
}
