import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { membersKey } from '../layout/keys';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { createMembership, type Membership, type MembershipOptions } from './membership';

const KEY = membersKey('calculation');

describe('membership over a real Redis', () => {
  let redis: TestRedis;
  let links: RedisLink[] = [];
  let members: Membership[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await links[0]?.commands.flushall();
    await Promise.all(links.map((link) => link.close()));
    [links, members] = [[], []];
  });

  const connect = (): RedisLink => {
    const link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'members', log: silentLog });
    links.push(link);
    return link;
  };
  const join = async (id: string, more: Partial<MembershipOptions> = {}) => {
    const seen: string[] = [];
    const onLive = (live: readonly string[]) => void seen.push(live.join());
    const link = connect();
    const options = { link, stage: 'calculation', id, ttlMs: 300, heartbeatMs: 20, log: silentLog, onLive };
    const member = createMembership({ ...options, ...more });
    members.push(member);
    await member.start();
    return { member, seen, link };
  };

  it('tells everybody who is there, from the first heartbeat on', async () => {
    const a = await join('a');
    expect(a.seen).toEqual(['a']);
    const b = await join('b');
    expect(b.seen).toEqual(['a,b']);
    await until(() => a.member.live().join() === 'a,b');
  });

  it('names them in one order, whoever has reported last', async () => {
    const a = await join('a');
    await join('b', { ttlMs: 60_000 });
    await join('c');
    await until(() => a.seen.filter((live) => live === 'a,b,c').length > 10);
    expect([...new Set(a.seen)].every((live) => live === [...live.split(',')].sort().join())).toBe(true);
  });

  it('is left at once: nobody waits for the deadline', async () => {
    const a = await join('a', { ttlMs: 60_000 });
    const b = await join('b', { ttlMs: 60_000 });
    await until(() => a.member.live().includes('b'));
    await b.member.stop();
    await until(() => a.member.live().join() === 'a', { timeoutMs: 2_000 });
    const beats = b.seen.length;
    await until(() => a.seen.length > 20);
    expect(b.seen).toHaveLength(beats);
  });

  it('keeps what a leaving member still has from the others, for a TTL or until it is gone', async () => {
    const a = await join('a');
    const b = await join('b', { ttlMs: 60_000 });
    await until(() => a.member.live().includes('b'));
    await b.member.leave();
    await until(() => a.member.live().join() === 'a', { timeoutMs: 2_000 });
    const beats = a.seen.length;
    await until(() => a.seen.length > beats + 20); // longer than the TTL of a
    expect(a.member.absentForMs('b')).toBe(0);
    await b.member.stop();
    await until(() => a.member.absentForMs('b') >= 300, { timeoutMs: 2_000 });

    const c = await join('c');
    await until(() => a.member.live().includes('c'));
    await c.member.leave();
    await until(() => a.member.live().join() === 'a', { timeoutMs: 2_000 });
    expect(a.member.absentForMs('c')).toBe(0);
    await until(() => a.member.absentForMs('c') >= 300, { timeoutMs: 2_000 }); // it never said that it is gone
  });

  it('ends by the clock of the server when a process dies without a word', async () => {
    let now = 1_000;
    const a = await join('a', { now: () => now });
    const b = await join('b');
    now = 5_000;
    await until(() => a.seen.at(-1) === 'a,b');
    b.link.commands.disconnect(); // as kill -9
    await until(() => a.member.live().join() === 'a', { timeoutMs: 5_000 });
    expect(a.member.absentForMs('a')).toBe(0);
    expect(a.member.absentForMs('b')).toBe(300); // its deadline has passed: it may be taken over from at once
  });

  it('is not over for one who has only begun to watch', async () => {
    let now = 1_000;
    const a = await join('a', { now: () => now });
    expect(a.member.absentForMs('b')).toBe(0);
    now += 299;
    expect(a.member.absentForMs('b')).toBe(299);
  });

  it('is frozen for a TTL when the members were lost, until everyone has had time to report', async () => {
    let now = 1_000;
    const warn = jest.fn();
    const a = await join('a', { now: () => now, ttlMs: 60_000, log: { ...silentLog, warn } });
    const b = await join('b');
    await until(() => a.seen.at(-1) === 'a,b');
    b.link.commands.disconnect();
    await a.link.commands.del(KEY);
    await until(() => warn.mock.calls.length === 1);
    const told = a.seen.length;
    const deadline = () => a.link.commands.zscore(KEY, 'a');
    const before = await deadline();
    await until(async () => (await deadline()) !== before && a.member.live().join() === 'a');
    expect(a.seen).toHaveLength(told); // it sees that it is alone, but nobody is told,
    now += 59_999;
    expect(a.member.absentForMs('b')).toBe(59_999); // and nobody has been gone for a TTL yet
    now += 1;
    await until(() => a.seen.length > told);
    expect(a.seen.at(-1)).toBe('a');
    expect(a.member.absentForMs('b')).toBe(60_000);
  });

  it('says nothing about the others while Redis is away', async () => {
    let now = 1_000;
    const a = await join('a', { now: () => now });
    await until(() => a.member.live().includes('a'));
    now += 10_000;
    expect(a.member.absentForMs('stranger')).toBeGreaterThanOrEqual(10_000);
    const failed = jest.spyOn(a.link.commands, 'sendCommand').mockImplementation(async () => {
      throw new Error('Command timed out');
    });
    await until(() => failed.mock.calls.length >= 2);
    now += 5_000;
    await until(() => a.member.absentForMs('stranger') === 0);
    failed.mockRestore();
  });
});
