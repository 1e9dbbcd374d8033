import { startRedis, type TestRedis } from '@wagehood/testing';
import { connect } from 'node:net';
import { problemSchema } from '@wagehood/contracts';
import { runApi, type RunningApi } from './testing/run-api';

describe('bad input', () => {
  let redis: TestRedis;
  let api: RunningApi;

  beforeAll(async () => {
    redis = await startRedis();
    api = await runApi(redis.url, { environment: { API_BODY_LIMIT: '1024' } });
  });

  afterAll(async () => {
    await api.stop();
    await redis.stop();
  });

  const problem = async (path: string, init?: RequestInit) => {
    const response = await fetch(
      path.startsWith('/api') || path === '/nope' ? api.origin + path : api.base + path,
      init,
    );
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    const body = (await response.json()) as Record<string, unknown>;
    expect(problemSchema.parse(body).status).toBe(response.status);
    return { status: response.status, headers: response.headers, body };
  };
  const post = (body: string, type: string | null = 'application/json') =>
    problem('/watchlist', { method: 'POST', body, headers: type ? { 'Content-Type': type } : {} });

  it.each(['/nope', '/api/v1/realtime/nope', '/api/v1', '/api/v1/realtime/data/latest'])('404 for %s', async (path) => {
    expect(await problem(path)).toMatchObject({ status: 404, body: { type: 'urn:wagehood:problem:unknown-route' } });
  });

  it.each(['/indicators/NOPE', '/signals/NOPE', '/data/latest/NOPE', '/data/historical/NOPE'])(
    'says what is known for the unknown symbol of %s',
    async (path) => {
      const { status, body } = await problem(path);
      expect(status).toBe(404);
      expect(body).toMatchObject({ symbol: 'NOPE', known: ['IWM', 'QQQ', 'SPY'], knownCount: 3 });
      expect(body['detail']).toContain('SPY');
    },
  );

  it('names what is most like the unknown symbol first', async () => {
    expect((await problem('/indicators/SPX')).body['known']).toEqual(['SPY', 'IWM', 'QQQ']);
  });

  it('says what is known for an unknown indicator and strategy', async () => {
    const { status, body } = await problem('/data/historical/SPY?indicator=sma_51');
    expect(status).toBe(404);
    expect(body['known']).toContain('sma_50');
    expect((await problem('/signals/SPY?strategy=nope')).body['known']).toContain('macd_rsi_strategy');
  });

  it.each([
    ['/indicators/%E0%A4%A', 'path'],
    ['/indicators/a%20b%2Fc%2Fd', 'path.symbol'],
    ['/indicators/SPY?timeframe=2m', 'query.timeframe'],
    ['/signals/SPY?limit=0', 'query.limit'],
    ['/signals/SPY?limit=1.5', 'query.limit'],
    ['/signals/SPY?side=hold', 'query.side'],
    ['/data/historical/SPY?limit=10001', 'query.limit'],
    ['/data/historical/SPY?limit=-1', 'query.limit'],
    ['/data/historical/SPY?start_date=yesterday', 'query.start_date'],
    ['/data/historical/SPY?start_date=2026-02-01&end_date=2026-01-01', 'query.end_date'],
    ['/data/historical/SPY?cursor=x', 'query.cursor'],
    ['/stream?channels=prices', 'query.channels[0]'],
    ['/stream?last_event_id=abc', 'query.last_event_id'],
  ])('400 for %s names %s', async (path, fault) => {
    const { status, body } = await problem(path);
    expect(status).toBe(400);
    expect((body['errors'] as { path: string }[]).map((error) => error.path)).toContain(fault);
  });

  it.each(['{"symbol":', '', 'null', '[]', '"SPY"', '{}', '{"symbol":""}', '{"symbol":"../etc"}', '{"symbol":1}'])(
    '400 for the body %j',
    async (body) => {
      expect((await post(body)).status).toBe(400);
    },
  );

  it.each([
    ['{"symbol":"A","timeframes":["2m"]}', 'body.timeframes[0]'],
    ['{"symbol":"A","priority":0}', 'body.priority'],
    ['{"symbol":"A","symbols":["B"]}', 'body.symbol'],
    ['{"symbol":"A","ticker":1}', 'body.ticker'],
  ])('400 for %s names %s', async (text, fault) => {
    const { status, body } = await post(text);
    expect(status).toBe(400);
    expect((body['errors'] as { path: string }[]).map((error) => error.path)).toContain(fault);
  });

  it('does not let the watchlist become empty', async () => {
    const { status, body } = await post('{"symbols":["SPY","QQQ","IWM"],"action":"remove"}');
    expect(status).toBe(400);
    expect(body['detail']).toContain('watchlist');
  });

  it('does not take a prototype for data', async () => {
    expect((await post('{"__proto__":{"symbol":"A"}}')).status).toBe(400);
    expect((await problem('/indicators/__proto__')).status).toBe(400);
    expect((await problem('/indicators/constructor')).status).toBe(404);
  });

  it('413 for a body beyond the limit, announced or not', async () => {
    expect((await post(JSON.stringify({ symbol: 'A'.repeat(2_000) }))).status).toBe(413);
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(Buffer.alloc(1_024, 'x'));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunks, duplex: 'half', headers: { 'Content-Type': 'application/json' } };
    const status = await problem('/watchlist', init as RequestInit).then(
      (answer) => answer.status,
      () => 'cut', // we stop reading, and may win the race against the client that is still writing
    );
    expect([413, 'cut']).toContain(status);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', null])('415 for %s', async (type) => {
    const { status, headers } = await post('{"symbol":"A"}', type);
    expect(status).toBe(415);
    expect(headers.get('accept')).toBe('application/json');
  });

  it('415 for an encoding that it does not know', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'rot13' };
    expect((await problem('/watchlist', { method: 'POST', body: '{}', headers })).status).toBe(415);
  });

  it.each([
    ['DELETE', '/watchlist', 'POST, OPTIONS'],
    ['GET', '/watchlist', 'POST, OPTIONS'],
    ['POST', '/indicators/SPY', 'GET, HEAD, OPTIONS'],
    ['PUT', '/health', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('405 with Allow for %s %s', async (method, path, allow) => {
    const { status, headers } = await problem(path, { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
  });

  it('answers OPTIONS and HEAD', async () => {
    const options = await fetch(`${api.base}/health`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    const head = await fetch(`${api.base}/indicators/SPY`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${api.base}/stream`, { method: 'HEAD' })).status).toBe(200);
  });

  it('has security headers and no x-powered-by, and keeps a sane request id', async () => {
    const response = await fetch(`${api.base}/health`, { headers: { 'X-Request-Id': 'mine-1' } });
    expect(response.headers.get('x-request-id')).toBe('mine-1');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const spoofed = await fetch(`${api.base}/health`, { headers: { 'X-Request-Id': 'a b<script>' } });
    expect(spoofed.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers what is not HTTP in the same format', async () => {
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(api.origin).port), '127.0.0.1', () => socket.end('HELLO\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('end', () => resolve(text)).on('error', reject);
    });
    expect(said).toMatch(/^HTTP\/1.1 400 /);
    expect(said).toContain('application/problem+json');
  });
});

describe('a start that cannot work', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterAll(() => redis.stop());

  it('refuses to listen to everybody without authentication', async () => {
    await expect(runApi(redis.url, { environment: { API_HOST: '0.0.0.0' } })).rejects.toThrow(
      /API_AUTH: off is refused/,
    );
  });

  it('says which port is in use', async () => {
    const first = await runApi(redis.url);
    const port = new URL(first.origin).port;
    await expect(runApi(redis.url, { environment: { API_PORT: port } })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use`,
    );
    await first.stop();
  });

  it('says everything that is wrong with the settings', async () => {
    const environment = { CONFIG_FILE: `${redis.dir}/none.json` };
    await expect(runApi(redis.url, { environment })).rejects.toThrow(/CONFIG_FILE: .*none.json/);
  });

  it('refuses another number of partitions than this Redis was started with', async () => {
    const first = await runApi(redis.url);
    await first.stop();
    await expect(runApi(redis.url, { environment: { PARTITIONS: '8' } })).rejects.toThrow(/PARTITIONS is 8/);
  });
});
