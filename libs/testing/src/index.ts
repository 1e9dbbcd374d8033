export { arbBadBar } from './arbitraries/bad-bars';
export { arbBarEvents } from './arbitraries/bar-events';
export { arbBar, arbBars, arbSymbol, arbTimeframe, type BarsOptions } from './arbitraries/bars';
export { failing, type Failing } from './failing';
export { until, type UntilOptions } from './until';
export { freePort } from './redis/free-port';
export { ping, type RedisAddress } from './redis/ping';
export { startRedis, type StartRedisOptions, type TestRedis } from './redis/start-redis';
export { fakeClock, type FakeClock } from './fake-clock';
