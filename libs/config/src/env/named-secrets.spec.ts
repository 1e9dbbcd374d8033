import { namedSecrets } from './named-secrets';

describe('secrets that the settings name', () => {
  const source = { ALERT_SECRET_DESK: ' s3cret ', ALERT_SECRET_OPS_FILE: '/run/ops', REDIS_PASSWORD: 'hunter2' };

  it('come from the variable, or from the file, as it is now', () => {
    let text = 'first\n';
    const secretOf = namedSecrets(source, () => text);
    expect(secretOf('ALERT_SECRET_DESK')).toBe('s3cret');
    expect(secretOf('ALERT_SECRET_OPS')).toBe('first');
    text = 'second\n';
    expect(secretOf('ALERT_SECRET_OPS')).toBe('second');
  });

  it('are nothing when they are not set, and never another secret of the process', () => {
    const secretOf = namedSecrets(source, () => '');
    expect(secretOf('ALERT_SECRET_NONE')).toBeUndefined();
    expect(secretOf('ALERT_SECRET_OPS')).toBeUndefined();
    expect(secretOf('REDIS_PASSWORD')).toBeUndefined();
  });
});
