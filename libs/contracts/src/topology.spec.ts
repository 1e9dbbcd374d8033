import { readersOf, stages, streams, type App, type Stage, type StreamName } from './topology';

const stageEntries = Object.entries(stages) as [Stage, (typeof stages)[Stage]][];
const streamEntries = Object.entries(streams) as [StreamName, (typeof streams)[StreamName]][];

describe('the topology is closed', () => {
  it.each(stageEntries)('%s reads a stream that knows it, and writes one that its app owns', (stage, spec) => {
    expect(streams[spec.reads].readers).toContain(stage);
    expect(streams[spec.writes].writer).toBe(spec.app);
    expect(readersOf(stage)).toBe(streams[spec.writes].readers);
  });

  it.each(streamEntries)('%s is read by somebody, by stages that say so, and by no app twice', (name, spec) => {
    for (const reader of spec.readers) expect(stages[reader].reads).toBe(name);
    const apps: App[] = [
      ...spec.readers.map((reader) => stages[reader].app),
      ...(spec.worker ? [spec.worker] : []),
      ...spec.tails,
    ];
    expect(new Set(apps).size).toBe(apps.length);
    expect(apps.length).toBeGreaterThan(0);
  });

  it.each(streamEntries)('%s is never trimmed before its readers are done, and has both budgets', (_name, spec) => {
    expect(spec.retention.behind).toEqual(spec.readers);
    expect(spec.retention.maxBars).toBeGreaterThan(0);
    expect(spec.retention.maxBytes).toBeGreaterThan(0);
  });

  it('forwards control entries down every partition log', () => {
    for (const [, { kinds, partitioned }] of streamEntries) if (partitioned) expect(kinds).toContain('control');
  });

  it('has two ways back, written by api alone: the configuration and what is asked of alerting; api processes nothing', () => {
    const written = streamEntries.filter(([, { writer }]) => writer === 'api').map(([name]) => name);
    expect(written).toEqual(['control', 'alert_commands']);
    expect(stageEntries.filter(([, { app }]) => app === 'api')).toEqual([]);
  });

  it('forwards what is told of the system from wherever it arises to alerting, which alone adds what it sees itself', () => {
    const told = streamEntries.filter(([, { kinds }]) => kinds.includes('system')).map(([name]) => name);
    expect(told).toEqual(stageEntries.map(([, { reads }]) => reads));
    expect(streamEntries.filter(([, { observer }]) => observer).map(([name]) => name)).toEqual(['signal_stream']);
    expect(stages.alerting.reads).toBe('signal_stream');
  });

  it('flows one way: following the stages never comes back to a stream', () => {
    const next = (name: StreamName): StreamName[] => streams[name].readers.map((reader) => stages[reader].writes);
    for (const [start] of streamEntries) {
      const seen = new Set<StreamName>();
      const queue = next(start);
      for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
        expect(name).not.toBe(start);
        if (!seen.has(name)) queue.push(...next(name));
        seen.add(name);
      }
    }
  });
});
