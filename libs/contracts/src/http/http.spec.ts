import fc from 'fast-check';
import { z } from 'zod';
import { historicalQuery, historicalResponse } from './historical';
import { healthResponse } from './health';
import { indicatorsResponse, latestResponse, seriesQuery, symbolPath } from './indicators';
import { parseRequest } from './parse-request';
import { problemSchema } from './problem';
import { signalsQuery, signalsResponse, toHttpSignal } from './signals';
import { statsResponse } from './stats';
import { streamEvent, streamQuery } from './stream-event';
import { watchlistRequest, watchlistResponse } from './watchlist';

const errorsOf = (schema: z.ZodType, input: unknown, part: 'body' | 'query' = 'body') => {
  const result = parseRequest(schema, input, part);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path}: ${message}`);
};

describe('POST /watchlist', () => {
  const parse = (body: unknown) => parseRequest(watchlistRequest, body, 'body');

  it("takes the seed's body", () => {
    expect(parse({ symbol: 'TSLA' })).toEqual({ ok: true, value: { action: 'add', symbols: ['TSLA'] } });
  });

  it('normalises and deduplicates', () => {
    expect(parse({ symbols: ['btc/usd', 'BTC-USD', 'spy'], action: 'remove' })).toMatchObject({
      value: { action: 'remove', symbols: ['BTC-USD', 'SPY'] },
    });
  });

  it.each([
    [{}, 'body.symbol: give either symbol or symbols'],
    [{ symbol: 'A', symbols: ['B'] }, 'body.symbol: give either symbol or symbols'],
    [{ symbol: '../etc' }, 'body.symbol: not a symbol; write it like SPY or BTC-USD'],
    [{ symbol: 'A', timeframes: ['1m', '2m'] }, /^body\.timeframes\[1\]: .*"1m"/],
    [{ symbol: 'A', enable: true }, 'body.enable: is not known'],
    [{ symbol: 7 }, /^body\.symbol: .*expected string/],
    ['SPY', /^body: .*expected object/],
  ])('%j is refused with a reason', (body, reason) => {
    const errors = errorsOf(watchlistRequest, body);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(reason);
  });
});

describe('GET /data/historical/{symbol}', () => {
  it('has defaults', () => {
    expect(parseRequest(historicalQuery, {}, 'query')).toEqual({ ok: true, value: { limit: 1000 } });
  });

  it('reads days, times with any offset, and lists', () => {
    const query = {
      timeframe: '1d',
      indicator: ['sma_50,rsi_14', 'macd'],
      start_date: '2026-01-02',
      end_date: '2026-01-03T00:00:00+01:00',
      limit: '10',
    };
    expect(parseRequest(historicalQuery, query, 'query')).toEqual({
      ok: true,
      value: {
        timeframe: '1d',
        indicator: ['sma_50', 'rsi_14', 'macd'],
        start_date: Date.UTC(2026, 0, 2),
        end_date: Date.UTC(2026, 0, 2, 23),
        limit: 10,
      },
    });
  });

  it('reports all that is wrong at once', () => {
    const query = { limit: '0', start_date: 'yesterday', timeframe: '2m', cursor: '' };
    expect(errorsOf(historicalQuery, query, 'query')).toEqual([
      expect.stringContaining('query.timeframe: must be one of 1s 5s'),
      'query.start_date: must be a day or an RFC 3339 time',
      'query.limit: must be at least 1',
      expect.stringContaining('query.cursor'),
    ]);
  });

  it.each(['10001', '1e3', '-1', '0x10', '1.5', ''])('refuses limit=%s', (limit) => {
    expect(errorsOf(historicalQuery, { limit }, 'query')).toHaveLength(1);
  });

  it('refuses an empty range', () => {
    const query = { start_date: '2026-01-02', end_date: '2026-01-02' };
    expect(errorsOf(historicalQuery, query, 'query')).toEqual(['query.end_date: must be later than start_date']);
  });
});

describe('other queries', () => {
  it('GET /signals has a limit of its own', () => {
    expect(parseRequest(signalsQuery, { min_confidence: '0.5' }, 'query')).toEqual({
      ok: true,
      value: { limit: 100, min_confidence: 0.5 },
    });
    expect(errorsOf(signalsQuery, { limit: '1001', side: 'hold', min_confidence: '' }, 'query')).toHaveLength(3);
  });

  it('GET /stream filters by symbols and channels', () => {
    expect(parseRequest(streamQuery, { symbols: 'spy,qqq', channels: 'signal' }, 'query')).toEqual({
      ok: true,
      value: { symbols: ['SPY', 'QQQ'], channels: ['signal'] },
    });
    expect(errorsOf(streamQuery, { channels: 'trades' }, 'query')).toEqual([
      expect.stringContaining('query.channels[0]'),
    ]);
  });

  it('never throws, whatever it is given', () => {
    const schemas = [watchlistRequest, historicalQuery, signalsQuery, streamQuery, seriesQuery, symbolPath];
    const key = fc.constantFrom('symbol', 'symbols', 'limit', 'start_date', 'channels', 'action');
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(key, fc.anything())), (input) => {
        for (const schema of schemas) expect(parseRequest(schema, input, 'body')).toHaveProperty('ok');
      }),
    );
  });
});

describe('answers', () => {
  it('shows a signal with RFC 3339 times', () => {
    const signal = {
      id: 'a-1',
      symbol: 'SPY',
      timeframe: '1m' as const,
      strategy: 'macd_rsi_strategy',
      side: 'buy' as const,
      price: 1,
      confidence: 0.5,
      factors: { volume: 1 },
      indicators: { rsi_14: 30 },
      barOpenTime: 0,
      emittedAt: 61_000,
      receivedAt: 60_500,
    };
    const shown = toHttpSignal(signal);
    expect(shown).toEqual({
      ...signal,
      receivedAt: undefined,
      barOpenTime: '1970-01-01T00:00:00.000Z',
      emittedAt: '1970-01-01T00:01:01.000Z',
      backfilled: false,
    });
    expect(
      streamEvent.safeParse({ type: 'signal', symbol: 'SPY', data: shown, timestamp: shown.emittedAt }).success,
    ).toBe(true);
  });

  it('a problem knows its defaults', () => {
    expect(problemSchema.parse({ title: 'Not Found', status: 404 })).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
    });
  });

  it.each(
    Object.entries({
      healthResponse,
      statsResponse,
      indicatorsResponse,
      latestResponse,
      signalsResponse,
      historicalResponse,
    }),
  )('%s becomes JSON Schema for OpenAPI', (_name, schema) => {
    expect(JSON.stringify(z.toJSONSchema(schema, { io: 'output' }))).toContain('"type":"object"');
  });

  it.each(Object.entries({ streamEvent, watchlistResponse, problemSchema }))('%s too', (_name, schema) => {
    expect(() => z.toJSONSchema(schema)).not.toThrow();
  });

  it.each(Object.entries({ watchlistRequest, historicalQuery, signalsQuery, streamQuery, seriesQuery, symbolPath }))(
    'request %s too',
    (_name, schema) => {
      expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({ type: 'object' });
    },
  );
});
