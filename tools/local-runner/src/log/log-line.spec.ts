import { defaultLogFile } from './log-file';
import { isAtLeast } from './log-level';
import { parseLogLine, toLogLine } from './log-line';

const source = { component: 'CalculationEngine', name: 'calculation-worker-1' };
const now = new Date('2026-11-22T16:00:00Z');

describe('log lines', () => {
  it('passes on what a service wrote, byte for byte', () => {
    const line = '{"timestamp":"x","level":"INFO","component":"CalculationEngine","message":"SPY"}';
    expect(toLogLine(line, source, now)).toBe(line);
  });

  it('wraps what is no JSON object, so that each line of the file is one', () => {
    for (const line of ['Segmentation fault', '{broken', '[1]', '"text"']) {
      expect(JSON.parse(toLogLine(line, source, now))).toEqual({
        timestamp: '2026-11-22T16:00:00.000Z',
        level: 'ERROR',
        component: 'CalculationEngine',
        service: 'calculation-worker-1',
        message: line,
      });
    }
    expect(parseLogLine('null')).toBeNull();
  });

  it('keeps lines by level, and always those that have none', () => {
    expect(['ERROR', 'WARN', 'INFO', 'DEBUG', undefined].map((level) => isAtLeast(level, 'warn'))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('names the file by the time of the start', () => {
    expect(defaultLogFile(new Date(2026, 10, 22, 9, 5, 7))).toBe('realtime_processor_20261122_090507.log');
  });
});
