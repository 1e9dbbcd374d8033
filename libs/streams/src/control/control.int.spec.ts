import { settingsSchema } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import type { Command } from 'ioredis';
import { controlStreamKey, lastKey } from '../layout/keys';
import { partitionTag } from '../layout/partition';
import { silentLog } from '../log';
import { writeControl } from '../protocol/scripts';
import { connectRedis, type RedisLink } from '../redis/connect';
import { createControl, type Control } from './control';

const settings = settingsSchema.parse({});
const by = (updatedBy: string) => ({ settings, updatedBy, updatedAt: 1_767_571_200_000 });

describe('control over a real Redis', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let control: Control;
  const watches: { stop(): Promise<void> }[] = [];
  beforeEach(async () => {
    redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'control', log: silentLog });
    control = createControl(link);
  });
  afterEach(async () => {
    await Promise.all(watches.splice(0).map((watch) => watch.stop()));
    await link.close();
    await redis.stop();
  });
  const watch = (onDocument: (document: ControlDocument) => void | Promise<void>) =>
    void watches.push(createControl(link).watch(onDocument));
  const versions = (): number[] => {
    const seen: number[] = [];
    watch(({ version }) => void seen.push(version));
    return seen;
  };

  it('has no document at first, then the one that was written', async () => {
    expect(await control.read()).toBeNull();
    expect(await control.write(by('start'), 0)).toEqual({ ok: true, version: 1 });
    expect(await control.read()).toEqual({ version: 1, ...by('start') });
  });

  it('lets one of two writers win and tells the other which version is there', async () => {
    const both = await Promise.all([control.write(by('a'), 0), control.write(by('b'), 0)]);
    expect(both).toEqual([{ ok: true, version: 1 }, { ok: false, version: 1 }]); // prettier-ignore
    expect(await control.write(by('b'), 5)).toEqual({ ok: false, version: 1 });
    expect(await control.write(by('b'), 1)).toEqual({ ok: true, version: 2 });
    expect((await control.read())?.updatedBy).toBe('b');
  });

  it('goes beyond a version that a log has and the document has lost: that log would refuse another one of the same version', async () => {
    const writer = createControl(link, 4);
    expect(await writer.loggedVersion()).toBe(0);
    await writer.write(by('start'), 0);
    await link.commands.hset(lastKey(partitionTag(2, 4)), '#control', 7);
    expect(await writer.loggedVersion()).toBe(7);
    const seen = versions();
    expect(await writer.write(by('restored'), 1)).toEqual({ ok: true, version: 8 });
    expect(await control.read()).toEqual({ version: 8, ...by('restored') });
    await until(() => seen.at(-1) === 8);
  });

  it('finds its own work done when a write was sent twice', async () => {
    const { commands } = link;
    const twice = new Proxy(commands, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'sendCommand') return typeof value === 'function' ? value.bind(target) : value;
        return async (command: Command) => {
          await target.eval(writeControl.source, ...(command.args.slice(1) as unknown as [number]));
          return target.sendCommand(command);
        };
      },
    });
    const resending = createControl({ ...link, commands: twice });
    expect(await resending.write(by('a'), 0)).toEqual({ ok: true, version: 1 });
    expect(await link.commands.xlen(controlStreamKey)).toBe(1);
  });

  it('shows a watcher the present document, then every change, and misses none of the last', async () => {
    await control.write(by('start'), 0);
    const [early, late] = [versions(), [] as number[]];
    await until(() => early.at(-1) === 1);
    for (let version = 1; version < 30; version++) await control.write(by('api'), version);
    watch(({ version }) => void late.push(version));
    await until(() => early.at(-1) === 30 && late.at(-1) === 30);
    expect(early).toEqual([...early].sort((a, b) => a - b)); // it may skip, but never goes back
    expect(late).toEqual([30]);
  });

  it('waits for a document that is not there yet', async () => {
    const seen = versions();
    await control.write(by('start'), 0);
    await until(() => seen.length > 0);
    expect(seen).toEqual([1]);
  });

  it('shows a document again to a watcher that failed to take it', async () => {
    await control.write(by('start'), 0);
    let tries = 0;
    watch(async () => {
      if (++tries < 3) throw new Error('not now');
    });
    await until(() => tries === 3);
  });

  it('goes on watching when Redis was away', async () => {
    await control.write(by('start'), 0);
    const seen = versions();
    await until(() => seen.at(-1) === 1);
    await redis.kill();
    await until(() => !link.status().ok);
    await redis.restart();
    await until(() => link.status().ok);
    await control.write(by('api'), 1);
    await until(() => seen.at(-1) === 2);
    expect(seen).toEqual([1, 2]);
  });

  it('takes what is there when Redis has lost its newest versions', async () => {
    for (let version = 0; version < 3; version++) await control.write(by('api'), version);
    const seen = versions();
    await until(() => seen.at(-1) === 3);
    await link.commands.flushall();
    await control.write(by('start'), 0);
    await until(() => seen.at(-1) === 1);
    expect(seen).toEqual([3, 1]);
  });

  it('shows another document of the same version, when Redis came back empty', async () => {
    await control.write(by('start'), 0);
    const seen: string[] = [];
    watch(({ updatedBy }) => void seen.push(updatedBy));
    await until(() => seen.length > 0);
    await link.commands.flushall();
    await control.write(by('restored'), 0);
    await until(() => seen.at(-1) === 'restored');
    expect(seen).toEqual(['start', 'restored']);
  });

  it('stops at once, also while it waits', async () => {
    versions();
    const [waiting] = watches.splice(0);
    await waiting?.stop();
  });
});
