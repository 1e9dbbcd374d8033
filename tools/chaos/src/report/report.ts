import type { Figures } from '../scenario';

/** How one scenario ended. */
export interface ScenarioReport {
  readonly scenario: string;
  readonly seed: number;
  readonly symbols: number;
  readonly passed: boolean;
  readonly seconds: number;
  readonly figures: Figures;
  /** What was wrong; null when nothing was. */
  readonly violation: string | null;
}

/** The report as a person reads it. */
export function formatReport(reports: readonly ScenarioReport[]): string {
  const lines = reports.flatMap(({ scenario, seed, symbols, passed, seconds, figures, violation }) => [
    `${passed ? '✔' : '✘'} ${scenario}  (seed ${seed}, ${seconds.toFixed(0)} s)`,
    ...Object.entries(figures).map(([name, value]) => `    ${name}: ${formatFigure(value)}`),
    ...(violation === null
      ? []
      : [
          ...indent(violation),
          `    again: npm run chaos -- --scenario ${scenario} --seed ${seed} --symbols ${symbols}`,
        ]),
  ]);
  const failed = reports.filter(({ passed }) => !passed).length;
  const verdict =
    failed === 0 ? `all ${reports.length} scenarios hold` : `${failed} of ${reports.length} scenarios failed`;
  return [...lines, '', verdict].join('\n');
}

const MOST_LINES = 40;

const indent = (text: string): string[] =>
  text
    .split('\n')
    .slice(0, MOST_LINES)
    .map((line) => `    ${line.slice(0, 300)}`);

const formatFigure = (value: number | string): string =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }).replaceAll(',', ' ') : value;
