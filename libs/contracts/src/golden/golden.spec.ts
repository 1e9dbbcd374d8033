import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '../index';

/**
 * Messages as they were once written to a stream. They must parse for ever: a fixture is never edited, a new shape of a message
 * gets a new fixture beside the old ones.
 */
const golden = (name: string) => JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8')) as unknown;

const batches = {
  'bar-event': contracts.parseBarEvents,
  'calculation-event': contracts.parseCalculationEvents,
  signal: contracts.parseSignals,
  alert: contracts.parseAlerts,
  'alert-settled': contracts.parseAlerts,
  'alert-system': contracts.parseAlerts,
  'system-event': contracts.parseSystemEvents,
};

/** Batches as tables: the names of the fields in the first row. */
const tables = {
  'bar-event-table': contracts.parseBarEvents,
  'calculation-event-table': contracts.parseCalculationEvents,
};

const documents = {
  'alert-command': contracts.parseAlertCommand,
  'control-document': contracts.parseControlDocument,
  'correction-entry': contracts.parseCorrectionEntry,
  'correction-events': contracts.parseCorrectionEvents,
  'gap-entry': contracts.parseGapEntry,
  'warmup-entry': contracts.parseWarmupEntry,
  'warmup-events': contracts.parseWarmupEvents,
};

/** Records by name, where any key is an entry: nothing can be "added later" to them. */
const records = new Set(['parameters', 'factors', 'indicators', 'values']);

const withUnknown = (value: unknown, at = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => withUnknown(item));
  if (typeof value !== 'object' || value === null || records.has(at)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withUnknown(inner, key)] as const);
  const added = at === 'channels' ? [] : [['addedLater', { by: ['a', 'newer', 'service'] }] as const];
  return Object.fromEntries([...entries, ...added]);
};

describe('golden messages', () => {
  it('covers every fixture', () => {
    const fixtures = readdirSync(__dirname).filter((name) => name.endsWith('.json'));
    const known = [...Object.keys({ ...batches, ...tables, ...documents }), 'calculation-event-packed', 'dead-letter'];
    expect(fixtures.sort()).toEqual(known.map((name) => `${name}.json`).sort());
  });

  it.each(Object.entries(batches))('%s parses unchanged', (name, parse) => {
    const messages = golden(name);
    expect(parse(JSON.stringify(messages))).toEqual({ ok: true, value: { values: messages, faults: [] } });
  });

  it.each(Object.entries(tables))('%s parses, cell by cell', (name, parse) => {
    const [names, ...rows] = golden(name) as [string[], ...unknown[][]];
    const result = parse(JSON.stringify([names, ...rows]));
    if (!result.ok) throw new Error(result.error);
    const { values, faults } = result.value;
    expect(faults).toEqual([]);
    const cellsOf = (message: object) =>
      names.map((path) =>
        path.split('.').reduce<unknown>((at, field) => (at as Record<string, unknown>)?.[field], message),
      );
    expect(values.map(cellsOf)).toEqual(
      rows.map((row) => names.map((path, i) => (path.includes('.') ? row[i] : (row[i] ?? undefined)))),
    );
  });

  it('calculation-event-packed says what calculation-event-table does', () => {
    const [packed, plain] = ['calculation-event-packed', 'calculation-event-table'].map((name) =>
      contracts.parseCalculationEvents(JSON.stringify(golden(name))),
    );
    expect(packed).toMatchObject({ ok: true, value: { faults: [] } });
    expect(packed).toEqual(plain);
  });

  it.each(Object.entries(documents))('%s parses unchanged', (name, parse) => {
    const message = golden(name);
    expect(parse(JSON.stringify(message))).toEqual({ ok: true, value: message });
  });

  it('dead-letter parses unchanged', () => {
    for (const letter of golden('dead-letter') as unknown[]) {
      expect(contracts.parseDeadLetter(JSON.stringify(letter))).toEqual({ ok: true, value: letter });
    }
  });

  it.each(Object.entries({ ...batches, ...documents }))('%s tolerates fields that were added later', (name, parse) => {
    const extended = withUnknown(golden(name));
    expect(JSON.stringify(extended)).toContain('addedLater');
    const result = parse(JSON.stringify(extended));
    expect(result).toMatchObject({ ok: true });
    const plain = parse(JSON.stringify(golden(name)));
    expect(result).toEqual(plain);
  });
});
