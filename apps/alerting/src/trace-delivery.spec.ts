import type { Alert } from '@wagehood/contracts';
import type { SpanRecord, Tracing } from '@wagehood/service';
import { DelayedError, type Job } from 'bullmq';
import { traceDeliveries } from './trace-delivery';

const parent = { traceId: '1378a30c921ea60b85b6dbb684ca5f90', spanId: '2ce41d11c18d24d2' };
const jobWith = (metadata: string | undefined, attemptsStarted = 1) =>
  ({ id: 'alert-1', name: 'desk', attemptsStarted, opts: metadata ? { telemetry: { metadata } } : {} }) as Job<Alert>;
const job = jobWith(`00-${parent.traceId}-${parent.spanId}-01`);

let spans: SpanRecord[];
const tracing: Tracing = { keeps: () => true, record: (span) => void spans.push(span) };
beforeEach(() => (spans = []));

const attempt = (of: Job<Alert>, outcome: () => Promise<void>) =>
  traceDeliveries(
    tracing,
    outcome,
  )(of).then(
    () => null,
    (error: unknown) => error,
  );

it('is nothing but the delivery itself when traces are off', () => {
  const deliver = () => Promise.resolve();
  expect(traceDeliveries(undefined, deliver)).toBe(deliver);
});

it('each attempt is a span of its own in the trace of the signal, and an error stays the error that it was', async () => {
  const refused = new Error('HTTP 500');
  expect(await attempt(job, () => Promise.reject(refused))).toBe(refused);
  expect(await attempt(jobWith(job.opts.telemetry?.metadata, 2), () => Promise.resolve())).toBeNull();
  expect(spans).toMatchObject([
    { name: 'deliver', parent, error: 'HTTP 500', attributes: { 'wagehood.outcome': 'failed', 'wagehood.attempt': 1 } },
    { name: 'deliver', parent, attributes: { 'wagehood.outcome': 'delivered', 'wagehood.attempt': 2 } },
  ]);
  expect(spans[1]).not.toHaveProperty('error');
  expect(new Set(spans.map(({ ids }) => ids.spanId)).size).toBe(2);
  expect(new Set(spans.map(({ ids }) => ids.traceId))).toEqual(new Set([parent.traceId]));
});

it('a delivery that waits for its receiver has not failed', async () => {
  expect(await attempt(job, () => Promise.reject(new DelayedError()))).toBeInstanceOf(DelayedError);
  expect(spans).toMatchObject([{ attributes: { 'wagehood.outcome': 'postponed' } }]);
  expect(spans[0]).not.toHaveProperty('error');
});

it('a job that carries no trace, or nonsense, is delivered all the same', async () => {
  for (const metadata of [undefined, 'nonsense']) {
    expect(await attempt(jobWith(metadata), () => Promise.resolve())).toBeNull();
  }
  expect(spans).toEqual([]);
});
