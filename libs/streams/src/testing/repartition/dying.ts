import type { RedisLink } from '../../redis/connect';

export class Killed extends Error {}

/** A link whose process dies with its n-th command: before the command reaches Redis, or before its answer reaches us. */
export function dyingLink(link: RedisLink, n: number, answered: boolean): RedisLink {
  let count = 0;
  const commands = new Proxy(link.commands, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        count++;
        if (count > n || (count === n && !answered)) throw new Killed(`killed at command ${n}`);
        const reply: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args);
        if (count >= n) throw new Killed(`killed at command ${n}`);
        return reply;
      };
    },
  });
  return { ...link, commands };
}
