export { failing, type Failing } from './failing';
export { until, type UntilOptions } from './until';
export { freePort } from './redis/free-port';
export { ping, type RedisAddress } from './redis/ping';
export { startRedis, type StartRedisOptions, type TestRedis } from './redis/start-redis';
