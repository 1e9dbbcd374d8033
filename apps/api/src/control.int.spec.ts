import { connectRedis, createControl, silentLog, type Control, type RedisLink } from '@wagehood/streams';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { silentLogger, type Logger } from '@wagehood/service';
import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runApi, type RunningApi } from './testing/run-api';

describe('the writer of the configuration', () => {
  let redis: TestRedis;
  let link: RedisLink;
  let control: Control;
  const running: RunningApi[] = [];

  const start = async (environment: Record<string, string> = {}, log?: Logger): Promise<RunningApi> => {
    const api = await runApi(redis.url, { environment, ...(log ? { log } : {}) });
    running.push(api);
    return api;
  };
  const watch = (api: RunningApi, body: object) =>
    fetch(`${api.base}/watchlist`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const symbols = async () => (await control.read())?.settings.watchlist.map(({ symbol }) => symbol);

  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'test', log: silentLog });
    control = createControl(link);
  });

  afterEach(async () => {
    for (const api of running.splice(0)) await api.stop();
    await link.close();
    await redis.stop();
  });

  it('keeps changes made at run time over a restart with the same base', async () => {
    const first = await start();
    await watch(first, { symbol: 'TSLA' });
    await first.stop();
    const { version } = (await control.read()) ?? {};
    await start();
    expect(await symbols()).toEqual(['SPY', 'QQQ', 'IWM', 'TSLA']);
    expect((await control.read())?.version).toBe(version);
  });

  it('lets the section win whose base was edited, and that one alone', async () => {
    const first = await start();
    await watch(first, { symbol: 'TSLA' });
    await first.stop();
    await start({ DATA_UPDATE_INTERVAL: '2' });
    expect(await symbols()).toContain('TSLA');
    expect((await control.read())?.settings.system.data_update_interval_seconds).toBe(2);
    await start({ WATCHLIST_SYMBOLS: 'AAPL', DATA_UPDATE_INTERVAL: '2' });
    expect(await symbols()).toEqual(['AAPL']);
  });

  it('follows the settings file, also through a symlink, and keeps the last valid one', async () => {
    const warnings: string[] = [];
    const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    const link1 = join(redis.dir, 'settings.json');
    const target = async (name: string, text: string) => {
      const path = join(redis.dir, name);
      await writeFile(path, text);
      await symlink(path, `${link1}.next`);
      await rename(`${link1}.next`, link1);
    };
    await target('a.json', '{"watchlist":[{"symbol":"AAPL"}]}');
    const api = await start({ CONFIG_FILE: link1 }, log);
    expect(await symbols()).toEqual(['AAPL']);

    await target('b.json', '{"watchlist":[{"symbol":"AAPL"},{"symbol":"msft"}]}');
    await until(async () => (await symbols())?.length === 2);
    await until(async () => (await fetch(`${api.base}/indicators/MSFT`)).status === 200);
    expect((await control.read())?.updatedBy).toBe('file');

    await target('c.json', '{"watchlist":[');
    await until(() => warnings.some((text) => text.includes('not valid')));
    expect(await symbols()).toEqual(['AAPL', 'MSFT']);
    await target('d.json', '{"watchlist":[{"symbol":"NVDA"}]}');
    await until(async () => (await symbols())?.[0] === 'NVDA');
  }, 20_000);

  it('refuses to start with settings that are wrong, and lists every fault', async () => {
    const path = join(redis.dir, 'bad.json');
    await writeFile(path, '{"indicators":[{"name":"nope_1"}],"watchlist":[]}');
    const failure = await start({ CONFIG_FILE: path }).catch((error: Error) => error.message);
    expect(failure).toContain('nope_1');
    expect(failure).toContain('watchlist');
  });

  it('wakes everybody who watches with each change', async () => {
    const api = await start();
    const versions: number[] = [];
    const watching = control.watch(({ version }) => void versions.push(version));
    await watch(api, { symbol: 'TSLA' });
    await until(() => versions.includes(2));
    await watching.stop();
  });
});
