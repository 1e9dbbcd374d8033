import { idsBeside, idsOfEntry, newIds, parseTraceparent, traceparentOf } from './trace-ids';

const append = idsOfEntry('market_data_stream', '{p0}', { token: '1767571200000000', origin: '1767571200000000' });
const commit = idsOfEntry('calculation_events_stream', '{p0}', {
  token: '1767571200000900',
  origin: '1767571200000000',
});

it('is the same in every release: services of two of them share traces during an update', () => {
  const traceId = '1378a30c921ea60b85b6dbb684ca5f90';
  expect(append).toEqual({ traceId, spanId: 'd5c94922a8abccd6' });
  expect(commit).toEqual({ traceId, spanId: '2ce41d11c18d24d2' });
});

it('one trace for all that came of an entry, one span for each that wrote of it', () => {
  expect(commit.traceId).toBe(append.traceId);
  expect(commit.spanId).not.toBe(append.spanId);
  const elsewhere = idsOfEntry('market_data_stream', '{p1}', { token: '1767571200000000', origin: '1767571200000000' });
  expect(elsewhere.traceId).not.toBe(append.traceId);
  expect(idsBeside(commit, 'deliver', 'a', '1')).not.toEqual(idsBeside(commit, 'deliver', 'a', '2'));
});

it('goes through a traceparent and back; what is none is null', () => {
  expect(traceparentOf(commit)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(parseTraceparent(traceparentOf(commit))).toEqual({ ...commit, sampled: true });
  const [trace, span, none] = ['a'.repeat(32), 'b'.repeat(16), '0'.repeat(32)];
  expect(parseTraceparent(`00-${trace}-${span}-02`)?.sampled).toBe(false);
  expect(parseTraceparent(`01-${trace}-${span}-03-more`)).toMatchObject({ traceId: trace, sampled: true });
  const bad = [
    `00-${none}-${span}-01`,
    `00-${trace}-${none.slice(16)}-01`,
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}-01-x`,
  ];
  for (const text of [undefined, '', '00-12-34-01', ...bad]) expect(parseTraceparent(text)).toBeNull();
});

it('a request goes on with the trace of its caller, or begins one', () => {
  expect(newIds(commit)).toEqual({ traceId: commit.traceId, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(newIds(null).traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(newIds(null).traceId).not.toBe(newIds(null).traceId);
});
