import { createHash } from 'node:crypto';
import type { RedisClient } from './connect';
import { redisFault } from './errors';

export type ScriptArgument = string | number | Buffer;

/** A Lua script bound once to its typed reply. */
export interface Script<Reply> {
  readonly source: string;
  readonly sha: string;
  run(client: RedisClient, keys: readonly string[], args: readonly ScriptArgument[]): Promise<Reply>;
}

/** Binds Lua source to a reply parser. Calls by EVALSHA and falls back to EVAL once when the server does not know the script. */
export function defineScript<Reply>(source: string, parse: (raw: unknown) => Reply): Script<Reply> {
  const sha = createHash('sha1').update(source).digest('hex');
  return {
    source,
    sha,
    async run(client, keys, args) {
      const rest = [...keys, ...args] as string[];
      try {
        return parse(await client.evalsha(sha, keys.length, ...rest));
      } catch (error) {
        if (redisFault(error) !== 'script-missing') throw error;
        return parse(await client.eval(source, keys.length, ...rest));
      }
    },
  };
}
