export { startHealthServer, type HealthServer, type HealthServerOptions } from './health/health-server';
export { type Phase, type PartReport, type Report } from './health/report';
export { createLogger, silentLogger, type LogFields, type Logger, type LoggerOptions } from './log/logger';
export { maskSecrets, maskUrls } from './log/mask';
export { rateLimited, type RateLimitedLogger, type RateLimitOptions } from './log/rate-limited';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics';
export { type Part, type PartState } from './part';
export { backoffMs, createBackoff, type Backoff, type BackoffOptions } from './resilience/backoff';
export {
  createBreaker,
  isBreakerOpen,
  type Breaker,
  type BreakerOptions,
  type BreakerState,
} from './resilience/breaker';
export { runService } from './run-service';
export { type ComponentName, type ServiceDefinition, type ServiceDeps, type ServiceEnv } from './service-definition';
export { messageOf, StartError } from './start-error';
export { watchRedis } from './streams/redis-metrics';
export { redisPart } from './streams/redis-part';
export { countStageEvents, type StageMeters } from './streams/stage-metrics';
export { stagePart } from './streams/stage-part';
export { traceAppends } from './tracing/trace-appends';
export { withinTrace } from './tracing/trace-context';
export { idsBeside, idsOfEntry, newIds, parseTraceparent, traceparentOf, type SpanIds } from './tracing/trace-ids';
export { traceStage } from './tracing/trace-stage';
export { type SpanRecord, type Tracing } from './tracing/tracing';
