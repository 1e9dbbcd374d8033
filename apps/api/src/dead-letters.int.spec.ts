import { connectRedis, deadLettersKey, partitionOf, partitionTag, silentLog, type RedisLink } from '@wagehood/streams';
import { startRedis, type TestRedis } from '@wagehood/testing';
import { runApi, type RunningApi } from './testing/run-api';

const letter = (offset: number, symbol: string | null, more: object = {}) =>
  JSON.stringify({
    ...{ offset, symbol, timeframe: symbol && '1m', definition: symbol && 'sma_50', payload: `{"n":${offset}}` },
    ...{ error: 'boom', attempts: 1, ...more },
  });

describe('/monitor/dead-letters', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let api: RunningApi;
  const keep = async (stage: 'calculation' | 'strategy', partition: number, entry: string, json: string) =>
    void (await link.commands.xadd(deadLettersKey(stage, partitionTag(partition, 4)), entry, 'data', json));
  const spy = partitionOf('SPY', 4);
  const other = (spy + 1) % 4;

  beforeAll(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    api = await runApi(redis.url);
    await keep('calculation', spy, '1700000001000-0', letter(1, 'SPY'));
    await keep('calculation', spy, '1700000003000-0', letter(3, 'SPY', { payload: { an: 'object' } }));
    await keep('calculation', other, '1700000002000-0', letter(2, null, { error: 'not JSON' }));
    await keep('strategy', spy, '1700000004000-0', letter(4, 'SPY'));
    await keep('strategy', spy, '1700000005000-0', 'no letter');
  });
  afterAll(async () => {
    await api.stop();
    await link.close();
    await redis.stop();
  });

  const get = async (path = '') => {
    const response = await fetch(`${api.base}/monitor/dead-letters${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const offsets = async (query: string): Promise<number[]> =>
    ((await get(query)).body['deadLetters'] as { offset: number }[]).map(({ offset }) => offset);

  it('lists them newest first, with how many are kept', async () => {
    const { body } = await get();
    expect(await offsets('')).toEqual([4, 3, 2, 1]);
    expect(body['kept']).toEqual({ calculation: 3, strategy: 2, alerting: 0 });
    expect((body['deadLetters'] as unknown[])[3]).toEqual({
      ...{ id: `calculation.${spy}.1700000001000-0`, stage: 'calculation', partition: spy, offset: 1, symbol: 'SPY' },
      ...{ at: '2023-11-14T22:13:21.000Z', timeframe: '1m', definition: 'sma_50', error: 'boom', attempts: 1 },
    });
  });

  it.each([
    ['?stage=calculation', [3, 2, 1]],
    ['?symbols=spy', [4, 3, 1]],
    ['?symbols=SPY&stage=strategy', [4]],
    [`?partition=${other}`, [2]],
    ['?partition=99', []],
    [`?symbols=SPY&partition=${other}`, []],
    ['?limit=2', [4, 3]],
    ['?symbols=QQQ', []],
  ])('%s', async (query, expected) => expect(await offsets(query)).toEqual(expected));

  it('shows one whole, whatever was put aside', async () => {
    expect(await get(`/calculation.${spy}.1700000003000-0`)).toMatchObject({
      status: 200,
      body: { offset: 3, payload: '{"an":"object"}' },
    });
    expect((await get(`/calculation.${spy}.1700000001000-0`)).body['payload']).toBe('{"n":1}');
  });

  it.each([
    ['?stage=ingestion', 400],
    ['?limit=0', 400],
    ['?symbols=not a symbol', 400],
    ['/nonsense', 400],
    ['/calculation.99.1-0', 404],
    [`/strategy.${spy}.1700000001000-0`, 404],
    [`/strategy.${spy}.1700000005000-0`, 404],
  ])('%s is answered %i', async (path, status) => expect((await get(path)).status).toBe(status));
});
