import type { HttpSignal, StatsResponse } from '@wagehood/contracts';
import type { ServiceStatus } from '../process/service-spec';
import type { Picture } from '../view/picture';

export const sampleSignal: HttpSignal = {
  id: 'a1',
  symbol: 'SPX',
  timeframe: '1d',
  strategy: 'macd_rsi_strategy',
  side: 'buy',
  price: 1455.219971,
  confidence: 0.7125,
  factors: {},
  indicators: {},
  barOpenTime: '2003-04-01T00:00:00.000Z',
  emittedAt: '2026-11-22T16:00:00.000Z',
  backfilled: false,
};

export const sampleStats: StatsResponse = {
  time: '2026-11-22T16:00:00.000Z',
  uptimeSeconds: 12,
  configVersion: 1,
  symbols: 3,
  series: 3,
  partitions: 16,
  bars: 12_345,
  signals: 17,
  alerts: 16,
  barsPerSecond: 3,
  stages: [
    { name: 'calculation', instances: 4, partitions: 16, owned: 16, lagBars: 0, barsPerSecond: 3, deadLetters: 0 },
    { name: 'strategy', instances: 1, partitions: 16, owned: 16, lagBars: 2, barsPerSecond: 3, deadLetters: 0 },
  ],
  redis: { ok: true, usedMemoryBytes: 1, maxMemoryBytes: 2 },
  stream: { clients: 1 },
};

export const sampleService = (name: string, more: Partial<ServiceStatus> = {}): ServiceStatus => ({
  name,
  component: 'CalculationEngine',
  state: 'ready',
  pid: 1,
  restarts: 0,
  ready: {},
  problem: null,
  ...more,
});

export const samplePicture: Picture = {
  upSeconds: 3_725,
  apiUrl: 'http://127.0.0.1:8000',
  redis: '7.0.15 on 127.0.0.1:41231, data in .data/redis',
  logFile: 'realtime_processor_20261122_160000.log',
  services: [
    sampleService('api'),
    sampleService('calculation-worker-1'),
    sampleService('calculation-worker-2', { state: 'restarting', restarts: 1 }),
  ],
  stats: sampleStats,
  signals: [sampleSignal],
  notes: ['! calculation-worker-2 was killed by SIGKILL; it is started again'],
};
