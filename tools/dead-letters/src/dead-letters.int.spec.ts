import { deadLetterSummary, type DeadLetterResponse } from '@wagehood/contracts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCommand } from '@wagehood/command';
import { deadLetters } from './dead-letters';

const letter: DeadLetterResponse = {
  ...{ id: 'calculation.3.1700000001000-0', stage: 'calculation', partition: 3, at: '2023-11-14T22:13:21.000Z' },
  ...{ offset: 7, symbol: 'SPY', timeframe: '1m', definition: 'sma_50', error: 'boom\u001b[2J\nagain', attempts: 1 },
  payload: '{"close":13}',
};
const kept = { calculation: 1, strategy: 0, alerting: 0 };

/** Answers as the api does, whose own tests hold these answers; remembers what it was asked. */
describe('the command over HTTP', () => {
  let server: Server;
  let base: string;
  let answers: Record<string, { status: number; body: unknown }>;
  let asked: { line: string; key: string | undefined; body: string }[];

  beforeEach(async () => {
    asked = [];
    answers = {};
    server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const line = `${req.method} ${req.url?.replace('/api/v1/realtime', '')}`;
        asked.push({ line, key: req.headers.authorization, body: Buffer.concat(chunks).toString() });
        const { status, body } = answers[line] ?? { status: 404, body: { title: 'There is nothing here' } };
        res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function say(words: string, environment: Record<string, string> = {}) {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runCommand(deadLetters, [...words.split(' '), '--api', base], environment, {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    return { code, out, err: err.join('\n') };
  }

  it('lists in a table that no error can break', async () => {
    answers['GET /monitor/dead-letters?stage=calculation&symbols=SPY&limit=5'] = {
      status: 200,
      body: { deadLetters: [deadLetterSummary.parse(letter)], kept },
    };
    const { code, out } = await say('list --stage calculation --symbol SPY --limit 5', { API_KEY: 'wh_x' });
    expect([code, asked[0]?.key]).toEqual([0, 'Bearer wh_x']);
    expect(out).toEqual([
      'PUT ASIDE                 ID                             SERIES  FOR     ERROR',
      '2023-11-14T22:13:21.000Z  calculation.3.1700000001000-0  SPY 1m  sma_50  boom [2J again',
      '',
      '1 shown; kept: calculation 1, strategy 0, alerting 0',
    ]);
  });

  it('shows one whole, and everything as JSON for machines', async () => {
    answers[`GET /monitor/dead-letters/${letter.id}`] = { status: 200, body: letter };
    const { out } = await say(`show ${letter.id}`);
    expect(out).toEqual(
      expect.arrayContaining(['offset      7', 'definition  sma_50', 'attempts    1', '{"close":13}']),
    );
    expect(JSON.parse((await say(`show ${letter.id} --json`)).out.join(''))).toEqual(letter);
  });

  it('lists alerts that were given up and has them sent again', async () => {
    answers['GET /monitor/alerts?status=failed&limit=1000&channel=desk'] = {
      status: 200,
      body: { alerts: [], nextCursor: null },
    };
    answers['POST /monitor/alerts/resend'] = { status: 202, body: { requested: ['a-1', 'a-2'] } };
    expect((await say('alerts --channel desk')).out).toEqual(['every alert was delivered']);
    expect((await say('resend --all --rule r')).out).toEqual([
      '2 alerts are delivered again; alerts shows what remains',
    ]);
    await say('resend a-1');
    expect(asked.slice(1).map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ rule: 'r' }, { ids: ['a-1'] }]);
  });

  it.each([
    [503, { detail: 'Redis cannot be reached' }, /: 503: Redis cannot be reached$/],
    [
      400,
      { title: 'Bad', errors: [{ path: 'query.stage', message: 'is unknown' }] },
      /: 400: query\.stage is unknown$/,
    ],
    [401, { detail: 'no key' }, /: 401: no key; API_KEY must hold a key with the scope read$/],
    [200, { some: 'page' }, /: this is no answer of ours; is another server there\?$/],
  ])('says in one line what is wrong: %i', async (status, body, reason) => {
    answers['GET /monitor/dead-letters'] = { status, body };
    const { code, out, err } = await say('list');
    expect([code, out]).toEqual([1, []]);
    expect(err).toMatch(reason);
  });

  it('fails when nothing was meant, when nobody answers, and when it is not understood', async () => {
    answers['POST /monitor/alerts/resend'] = { status: 202, body: { requested: [] } };
    expect((await say('resend x')).code).toBe(1);
    expect((await say('lose everything')).code).toBe(2);
    const nowhere = base;
    await new Promise((resolve) => server.close(resolve));
    base = nowhere;
    const { code, err } = await say('list');
    expect(code).toBe(1);
    expect(err).toMatch(/ECONNREFUSED.*; is the api there\? --api says where$/);
    server.listen(0);
  });
});
