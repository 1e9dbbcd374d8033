import { createSpanExporter } from './span-exporter';
import { idsOfEntry, type SpanIds } from './trace-ids';
import type { Tracing } from './tracing';

const traces = Array.from({ length: 2_000 }, (_, i) => {
  const token = `${1_767_571_200_000_000 + i * 1_000}`;
  return idsOfEntry('market_data_stream', '{p0}', { token, origin: token });
});

function tracingBy(ratio: number, heedsCaller = true): Tracing {
  const settings = { url: 'http://127.0.0.1:1/v1/traces', headers: {}, ratio, heedsCaller };
  return createSpanExporter({ settings, service: 'a', instance: 'b', onError: () => undefined }).tracing;
}

function keptBy(ratio: number): string[] {
  const tracing = tracingBy(ratio);
  return traces.filter((ids) => tracing.keeps(ids)).map(({ traceId }) => traceId);
}

it('keeps a share of the traces, the same ones in every process', () => {
  expect(keptBy(0)).toEqual([]);
  expect(keptBy(1)).toHaveLength(traces.length);
  const quarter = keptBy(0.25);
  expect(quarter.length / traces.length).toBeCloseTo(0.25, 1);
  expect(keptBy(0.25)).toEqual(quarter);
});

it('lets the caller of a request decide, unless the sampler is one that does not', () => {
  const [ids] = traces as [SpanIds];
  expect([true, false, undefined].map((kept) => tracingBy(0).keeps(ids, kept))).toEqual([true, false, false]);
  expect([true, false, undefined].map((kept) => tracingBy(1).keeps(ids, kept))).toEqual([true, false, true]);
  expect([true, false, undefined].map((kept) => tracingBy(1, false).keeps(ids, kept))).toEqual([true, true, true]);
});
