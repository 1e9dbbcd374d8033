import { append, appendPast, commit } from '../../protocol/scripts';
import type { RedisClient, RedisLink } from '../../redis/connect';
import { ScriptCommand, type ScriptArgument } from '../../redis/script-command';

/**
 * What happens to the next commit (or append) of a process:
 * `twice` its reply is lost and it is sent again · `held` it is under way until `letGo` · `unanswered` it is executed, but the
 * process dies before it hears of it · `unsent` the process dies before it is sent.
 */
export type Fault = 'none' | 'twice' | 'held' | 'unanswered' | 'unsent';

/** Calls after which a schedule counts as going round in circles. */
const MOST_CALLS = 5_000;

/** One process' view of Redis: everything goes through, but its scripts meet faults. */
export class FaultyLink {
  fault: Fault = 'none';
  readonly link: RedisLink;
  #held: (() => Promise<void>) | null = null;
  #calls = 0;

  constructor(private readonly client: RedisClient) {
    const commands = new Proxy(client, {
      get: (target, name) => {
        if (name === 'sendCommand') return (command: ScriptCommand) => this.#send(command);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    this.link = { commands } as RedisLink;
  }

  get holds(): boolean {
    return this.#held !== null;
  }

  /** Lets the commit go that is held; resolves when it has been answered. */
  async letGo(): Promise<void> {
    const go = this.#held;
    this.#held = null;
    await go?.();
  }

  #send(command: ScriptCommand): Promise<unknown> {
    if (command.name !== 'evalsha') return this.client.sendCommand(command) as Promise<unknown>;
    if (++this.#calls > MOST_CALLS) return Promise.reject(new Error('ERR going round in circles'));
    const args = command.args as readonly ScriptArgument[];
    const execute = () => this.client.sendCommand(new ScriptCommand('evalsha', args)) as Promise<unknown>;
    if (![commit.sha, append.sha, appendPast.sha].includes(String(args[0]))) return execute();
    const fault = this.fault;
    this.fault = 'none';
    switch (fault) {
      case 'none':
        return execute();
      case 'twice':
        return execute().then(execute);
      case 'unanswered':
        return execute().then(() => new Promise(() => undefined));
      case 'unsent':
        return new Promise(() => undefined);
      case 'held':
        return new Promise((resolve, reject) => {
          this.#held = () => execute().then(resolve, reject);
        });
    }
  }
}
