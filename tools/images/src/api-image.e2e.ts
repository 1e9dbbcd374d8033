import { freePort, startRedis, until, type TestRedis } from '@wagehood/testing';
import { buildForTest } from './testing/build-for-test';
import { inspectImage, runContainer, type Container } from './testing/container';

const MEBIBYTE = 1024 ** 2;

// Without the cache, whose layers may bear the time of an older commit.
const build = (tag: string): string => buildForTest(['api'], tag, false)[0] ?? '';

describe('the image of the api', () => {
  let image: string;
  let redis: TestRedis;
  let container: Container;
  let healthPort: number;
  let apiPort: number;

  beforeAll(async () => {
    image = build('test');
    redis = await startRedis({ port: true });
    [healthPort, apiPort] = [await freePort(), await freePort()];
    container = runContainer(image, {
      ...{ REDIS_URL: redis.url, API_HOST: '127.0.0.1' },
      ...{ API_PORT: String(apiPort), HEALTH_PORT: String(healthPort) },
    });
  }, 600_000);

  afterAll(async () => {
    container?.remove();
    await redis?.stop();
  });

  it('is small, says what it is, and is nobody in particular', () => {
    const { Size, Config } = inspectImage(image);
    expect(Size).toBeLessThan(250 * MEBIBYTE);
    expect(Config.User).toBe('65532:65532');
    expect(Config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'wagehood/api',
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'org.opencontainers.image.revision': expect.stringMatching(/^([0-9a-f]{40}(-dirty)?|unknown)$/),
    });
  });

  it('works with nothing to write to and no capabilities, as process 1', async () => {
    const answer = () => fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => null);
    await until(async () => (await answer())?.ok === true, { timeoutMs: 30_000, what: container.logs() });
    expect((await fetch(`http://127.0.0.1:${apiPort}/api/v1/realtime/health`)).headers.get('content-type')).toContain(
      'json',
    );
    const command = container.exec('node', '-p', "require('fs').readFileSync('/proc/1/cmdline', 'utf8')");
    expect(command).toMatch(/^node\0.*main\.cjs/);
    const status = container.exec('node', '-p', "require('fs').readFileSync('/proc/1/status', 'utf8')");
    expect(status).toMatch(/^Uid:\s+65532\s/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(() => container.exec('node', '-e', "require('fs').writeFileSync('/tmp/x', '')")).toThrow(/EROFS/);
    container.checkHealth();
  });

  it('makes API keys without a shell', () => {
    expect(container.exec('node', 'main.cjs', 'keys', 'create', '--name', 'probe')).toMatch(/^wh_\w{12}_\w{64}$/m);
  });

  it('carries its notices and the list of its packages, within 20 MB', () => {
    const names = ['LICENSE', 'THIRD-PARTY-NOTICES', 'sbom.cdx.json', 'main.cjs', 'main.cjs.map'];
    const sizes = `${JSON.stringify(names)}.map((name) => require('fs').statSync(name).size)`;
    const bytes = JSON.parse(container.exec('node', '-p', `JSON.stringify(${sizes})`)) as number[];
    expect(bytes.every((size) => size > 1_000)).toBe(true);
    const folder = "require('fs').readdirSync('.', { recursive: true, withFileTypes: true })";
    const total = `${folder}.filter((x) => x.isFile()).reduce((sum, x) => sum + require('fs').statSync(x.parentPath + '/' + x.name).size, 0)`;
    expect(Number(container.exec('node', '-p', total))).toBeLessThan(20_000_000);
    const sbom = JSON.parse(container.exec('node', '-p', "require('fs').readFileSync('sbom.cdx.json', 'utf8')")) as {
      components: { name: string }[];
    };
    expect(sbom.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['express', 'ioredis', 'zod']));
  });

  it('leaves at once when it is told to', async () => {
    const before = performance.now();
    container.terminate();
    await until(() => !container.state().Running, { timeoutMs: 10_000, what: 'the end of the container' });
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(container.state()).toMatchObject({ ExitCode: 0, OOMKilled: false });
  });

  it('has the same layers when it is built again', () => {
    expect(inspectImage(build('again')).RootFS.Layers).toEqual(inspectImage(image).RootFS.Layers);
  }, 600_000);
});
