import { createHash } from 'node:crypto';
import type { RedisClient } from './connect';
import { redisFault } from './errors';
import { ScriptCommand, type ScriptArgument } from './script-command';

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
      const rest = [keys.length, ...keys, ...args];
      try {
        return parse(await answerOf(client, new ScriptCommand('evalsha', [sha, ...rest])));
      } catch (error) {
        if (redisFault(error) !== 'script-missing') throw error;
        return parse(await answerOf(client, new ScriptCommand('eval', [source, ...rest])));
      }
    },
  };
}

async function answerOf(client: RedisClient, command: ScriptCommand): Promise<unknown> {
  const answer = await client.sendCommand(command);
  command.release();
  return answer;
}
