import { checkSettings, formatFaults } from '@wagehood/config';
import { catalogs } from '@wagehood/extensions';
import { watchRedis, type Part, type ServiceDeps, rateLimited } from '@wagehood/service';
import {
  claimPartitions,
  connectRedis,
  createAlertCommands,
  createControl,
  createReader,
  createTail,
  redisFault,
  type RedisLink,
  type StageName,
} from '@wagehood/streams';
import { createAcknowledgements } from './alerts/acknowledgements';
import { createAlertBook } from './alerts/alert-book';
import { withAdminKey } from './auth/admin-key';
import { createGuard } from './auth/guard';
import { createKeyStore } from './auth/key-store';
import { createRateLimits } from './auth/rate-limits';
import { createBaseDigestStore } from './control/base-digests';
import { createConfigState } from './control/config-state';
import { configurationPart } from './control/configuration-part';
import { createControlWriter } from './control/control-writer';
import type { ApiEnv } from './env';
import { createHttpServer, type HttpServer } from './http/http-server';
import { createProblemHandler } from './http/problem-handler';
import { watchKubernetes } from './kubernetes';
import { countRequests } from './metrics/count-requests';
import { watchPipeline } from './metrics/pipeline-metrics';
import { frequenciesOf } from './read-model/frequencies';
import { LiveMarket } from './read-model/live-market';
import { createMarketReader } from './read-model/market-reader';
import { createPipelineWatch, type PipelineWatch } from './read-model/pipeline-watch';
import { API_VERSION } from './openapi/version';
import { createListener } from './routes/create-listener';
import { Hub } from './stream/hub';
import { createLogReader } from './stream/tail-reader';
import { traceRequests } from './tracing/trace-requests';

const DEFAULT_REQUESTS_PER_WINDOW = 6_000;

/** HTTP in front of the streams: reads everything, writes only the configuration. */
export function buildApi({ name, id, env, log, metrics, tracing }: ServiceDeps<ApiEnv>): readonly Part[] {
  const link = connectRedis(env.redis, { name, log });
  const reader = createReader(link, env.partitions);
  const control = createControl(link, env.partitions);
  const check = (settings: Parameters<typeof checkSettings>[0]): string | null => {
    const faults = checkSettings(settings, catalogs);
    return faults.length > 0 ? formatFaults(faults, 'settings') : null;
  };
  const state = createConfigState();
  const digests = createBaseDigestStore(link.commands);
  const writer = createControlWriter({ control, digests, check, log });
  const tail = createTail({ link, partitions: env.partitions, log });
  const logs = createLogReader(tail, env.partitions);
  const market = new LiveMarket(createMarketReader(reader), logs);
  const quiet = rateLimited(log); // for what can happen with every request and every client
  const hub = new Hub({
    reader: logs,
    frequencies: () => state.current()?.frequencies ?? frequenciesOf({ indicators: [], strategies: [] }),
    log: quiet,
  });
  const stages = (): readonly StageName[] =>
    state.current()?.settings.system.enable_alerts === false
      ? ['calculation', 'strategy']
      : ['calculation', 'strategy', 'alerting'];
  const pipeline = createPipelineWatch(reader, stages);
  const kubernetes = watchKubernetes(env.kubernetes);
  const guard = createGuard({
    store: withAdminKey(createKeyStore(link.commands), env.adminKey),
    limits: limitsOf(env, link),
    open: !env.api.auth,
    proxyHops: env.limits.proxyHops,
  });
  const listener = createListener(
    {
      ...{ guard, reader, market, hub, pipeline, writer, partitions: env.partitions, version: API_VERSION },
      alerts: createAlertBook(reader),
      acknowledgements: createAcknowledgements(link.commands),
      alertCommands: createAlertCommands(link),
      config: () => state.current(),
      redisFault: () => link.status().error,
      kubernetes: () => kubernetes.view(),
      processId: id,
      memoryInfo: () => link.commands.info('memory'),
      checkSettings: check,
      bodyLimitBytes: env.limits.bodyBytes,
      maxStreams: env.limits.streams,
      adopt: (document) => state.adopt(document),
    },
    createProblemHandler({ log: quiet, outageReason }),
  );
  watchPipeline(metrics, pipeline);
  watchRedis(metrics, link);
  const server = createHttpServer({
    listener: countRequests(metrics, traceRequests(tracing, listener)),
    host: env.api.host,
    port: env.api.port,
  });
  metrics.gauge('api_stream_clients', 'Clients of /stream', [], (gauge) => gauge.set(hub.size));
  const redisReady = async (): Promise<void> => {
    await link.ready();
    await claimPartitions(link, env.partitions);
  };
  return [
    redisPart(link),
    { name: 'kubernetes', start: () => kubernetes.start(), stop: () => kubernetes.stop() },
    httpPart({ server, hub, pipeline, market }),
    configurationPart({
      ...{ control, writer, state, catalogs, redisReady, log },
      overrides: env.overrides,
      file: env.configFile,
    }),
  ];
}

/** No limit at all when asked for, or by default with authentication off: then only this machine can reach us. */
function limitsOf({ api, limits }: ApiEnv, link: RedisLink) {
  const requests = limits.requests ?? (api.auth ? DEFAULT_REQUESTS_PER_WINDOW : 0);
  const { windowSeconds, failures } = limits;
  return requests === 0 ? null : createRateLimits({ redis: link.commands, requests, windowSeconds, failures });
}

/** Does not wait for Redis: until it is there the API answers, with 503. */
function redisPart(link: RedisLink): Part {
  return {
    name: 'redis',
    stop: () => link.close(),
    ready: () => ({ ok: link.status().ok, detail: link.status().error ?? 'connected' }),
  };
}

interface HttpParts {
  readonly server: HttpServer;
  readonly hub: Hub;
  readonly pipeline: PipelineWatch;
  readonly market: LiveMarket;
}

function httpPart({ server, hub, pipeline, market }: HttpParts): Part {
  return {
    name: 'http',
    async start() {
      await server.start();
      pipeline.start();
    },
    async stop() {
      pipeline.stop();
      await Promise.all([hub.stop(), server.stop(), market.stop()]);
    },
    announce: () => ({ apiPort: server.address().port, apiHost: server.address().address }),
  };
}

function outageReason(error: unknown): string | null {
  const fault = redisFault(error);
  if (fault === 'unavailable') return 'Redis cannot be reached';
  if (fault === 'denied') return 'Redis refuses our credentials';
  return fault === 'full' ? 'Redis is full' : null;
}
