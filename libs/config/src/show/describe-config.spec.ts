import fc from 'fast-check';
import { defineEnv } from '../env/load-env';
import { redisEnv } from '../env/redis-env';
import { healthEnv } from '../env/service-env';
import { settingsSchema } from '../settings/settings';
import { describeConfig, describeEnv } from './describe-config';
import { maskUrl } from './mask-settings';

const withHook = (url: string, secret?: string) =>
  settingsSchema.parse({
    alerts: { channels: { console: { type: 'console' }, hook: { type: 'webhook', url, secret } }, rules: [] },
  });

describe('describeConfig', () => {
  it('masks the secret of a channel, and the path of its URL, which may be one', () => {
    const shown = JSON.parse(describeConfig(withHook('https://u:p@hooks.example.com:8443/T0/B0/xyz?t=1', 's3cret')));
    expect(shown.settings.alerts.channels.hook).toEqual({
      type: 'webhook',
      url: 'https://hooks.example.com:8443/***',
      secret: '***',
      allow_private: false,
    });
  });

  it('says where settings and variables come from, without secrets', () => {
    const schema = defineEnv({ redis: redisEnv, health: healthEnv(9003) });
    const source = {
      REDIS_URL: 'redis://app:hunter2@db:6379/0',
      REDIS_PASSWORD_FILE: '/run/pw',
      REDIS_TLS_KEY: '-----BEGIN',
    };
    const lines = describeEnv(schema, source);
    const shown = JSON.parse(describeConfig(withHook('https://h/'), { watchlist: 'flag' }, lines));
    expect(shown.origins).toEqual({ watchlist: 'flag' });
    expect(shown.environment).toMatchObject({
      REDIS_URL: { value: 'redis://app:***@db:6379/0', origin: 'environment' },
      REDIS_PASSWORD: { value: '***', origin: 'file' },
      REDIS_TLS_KEY: { value: '***', origin: 'environment' },
      REDIS_HOST: { value: 'localhost', origin: 'default' },
      HEALTH_PORT: { value: '9003', origin: 'default' },
      REDIS_USERNAME: { value: '(not set)', origin: 'default' },
    });
  });

  it('never shows a secret, whatever characters it has', () => {
    const secret = fc.string({ minLength: 6, maxLength: 30 }).map((text) => `zq${text}`);
    fc.assert(
      fc.property(secret, (hidden) => {
        const settings = withHook(`https://h/${encodeURIComponent(hidden)}`, hidden);
        const source = { REDIS_PASSWORD: hidden, REDIS_URL: `redis://u:${encodeURIComponent(hidden)}@h` };
        const shown = describeConfig(settings, {}, describeEnv({ redis: redisEnv }, source));
        expect(shown).not.toContain('zq');
      }),
    );
  });
});

describe('maskUrl', () => {
  it.each([
    ['redis://u:p@h:1/0', 'redis://u:***@h:1/0'],
    ['redis://:p@h', 'redis://:***@h'],
    ['redis://u@h', 'redis://u@h'],
    ['unix:///tmp/x.sock', 'unix:///tmp/x.sock'],
    ['localhost', 'localhost'],
    ['u:p@h', '***'],
  ])('%s → %s', (url, masked) => expect(maskUrl(url)).toBe(masked));
});
