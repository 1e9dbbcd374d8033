import { alertSchema } from '@wagehood/contracts';
import { alertId, alertsOfSignal } from './alert-of-signal';
import { sampleRule, sampleSignal } from './testing/sample-alert';

describe('alertsOfSignal', () => {
  it('makes one alert per channel, each once', () => {
    const rule = sampleRule({ channels: ['console', 'desk', 'console'] });
    const alerts = alertsOfSignal(sampleSignal(), rule, false);
    expect(alerts.map(({ channel }) => channel)).toEqual(['console', 'desk']);
    for (const alert of alerts) expect(alertSchema.parse(alert)).toEqual(alert);
    expect(alerts[0]).toMatchObject({
      title: 'BUY SPY 1s at 512.3: macd_rsi_strategy, confidence 0.71',
      severity: 'info',
      status: 'pending',
      createdAt: 1_700_000_001_000,
    });
  });
});

describe('alertId', () => {
  it('is the same for ever', () => {
    expect(alertId('some-signal', 'all', 'console')).toBe('some-signal-d9c655248aed');
  });

  it('does not confuse rules and channels whose names run together', () => {
    expect(alertId('s', 'a-b', 'c')).not.toBe(alertId('s', 'a', 'b-c'));
  });
});
