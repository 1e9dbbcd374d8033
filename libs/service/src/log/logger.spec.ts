import { Writable } from 'node:stream';
import fc from 'fast-check';
import { createLogger, silentLogger, type LoggerOptions } from './logger';

function recorder(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk).trimEnd());
      done();
    },
  });
  const log = createLogger({ service: 'api', component: 'Api', stream, ...options });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('createLogger', () => {
  it('writes one JSON object a line, level in capitals', () => {
    const { log, lines, last } = recorder();
    log.info('hello', { symbol: 'SPY', count: 2 });
    expect(lines).toHaveLength(1);
    expect(Object.keys(last())).toEqual(['timestamp', 'level', 'component', 'service', 'message', 'symbol', 'count']);
    expect(last()).toMatchObject({ level: 'INFO', component: 'Api', service: 'api', message: 'hello', symbol: 'SPY' });
    expect(last()['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('honours its level', () => {
    const { log, lines } = recorder({ level: 'warn' });
    log.debug('no');
    log.info('no');
    log.warn('yes');
    log.error('yes');
    expect(lines).toHaveLength(2);
  });

  it('gives children fields of their own', () => {
    const { log, last } = recorder();
    log.child({ partition: 3 }).child({ stage: 'strategy' }).warn('late', { partition: 4 });
    expect(last()).toMatchObject({ level: 'WARN', partition: 4, stage: 'strategy' });
  });

  it('lets no field overwrite what every line has', () => {
    const { log, last } = recorder();
    log.info('real', { message: 'fake', level: 'fake', service: 'fake', timestamp: 'fake' });
    expect(last()).toMatchObject({
      message: 'real',
      level: 'INFO',
      service: 'api',
      message_: 'fake',
      service_: 'fake',
    });
  });

  it('shows errors with their causes', () => {
    const { log, last } = recorder();
    log.error('failed', { error: new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'E1' }) }) });
    expect(last()['error']).toMatchObject({
      message: 'outer',
      cause: { message: 'inner', code: 'E1' },
      stack: expect.any(String),
    });
  });

  it('hides secrets by name, in URLs and by text', () => {
    const { log, lines } = recorder({ secrets: ['hun"ter2', 'abc'] });
    log.info('auth redis://u:pw123@h failed for hun"ter2', {
      password: 'pw123',
      apiKey: 'pw123',
      nested: { Authorization: 'Bearer pw123', token: 17, list: ['redis://:pw123@h'] },
      note: 'it was hun"ter2, alphabet abc',
    });
    expect(lines[0]).not.toMatch(/pw123|ter2/);
    expect(lines[0]).toContain('"token":17');
    expect(lines[0]).toContain('alphabet abc');
  });

  it('never throws, whatever it is given', () => {
    const { log, lines } = recorder();
    const cycle: Record<string, unknown> = { big: 10n, fn: () => 1, symbol: Symbol('x') };
    cycle['self'] = cycle;
    log.info('cycle', cycle);
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.anything()), (text, fields) => log.warn(text, fields)),
    );
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    expect(lines.length).toBe(101);
  });

  it('can be silent', () => expect(silentLogger.child({}).info('x')).toBeUndefined());
});
