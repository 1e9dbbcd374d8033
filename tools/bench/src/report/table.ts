import type { Row } from '../row';
import type { Goal } from './goals';

const HEADER = ['figure', 'value', 'unit', 'baseline', 'ratio', 'goal', ''] as const;
/** Columns of text; all others hold numbers and lean to the right. */
const TEXT = new Set([0, 2, 6]);

/** One aligned table of all figures, with what each is meant to reach. */
export function formatTable(rows: readonly Row[], goals: ReadonlyMap<string, Goal>): string {
  const lines: (readonly string[])[] = [HEADER, ...rows.map((row) => cells(row, goals.get(row.name)))];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) => align(line, widths)).join('\n');
}

function cells(row: Row, goal: Goal | undefined): string[] {
  return [
    row.name,
    formatNumber(row.value),
    row.unit,
    row.baseline === undefined ? '' : formatNumber(row.baseline),
    row.ratio === undefined ? '' : `${formatNumber(row.ratio)}×`,
    goal?.text ?? '',
    goal ? (goal.met(row) ? 'met' : 'MISSED') : '',
  ];
}

const align = (line: readonly string[], widths: readonly number[]): string =>
  line
    .map((cell, i) => (TEXT.has(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
    .join('  ')
    .trimEnd();

/** Three figures are what a measurement on a busy machine is worth. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
