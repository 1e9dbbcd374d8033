import type { ParamSpec } from '@wagehood/indicators';
import type { StrategyDefinition } from '../definition';
import { BANDS, leastConfidence, SIGMAS, type Calibration } from './calibration';
import { MARKETS } from './markets';

/** The part of docs/strategies.md that is written from the definitions: rule, parameters and factors of each. */
export function definitionsAsMarkdown(definitions: readonly StrategyDefinition[]): string {
  return definitions.map(section).join('\n\n');
}

/** The table of the calibration: share of the bars that fire, in percent, per strategy and market. */
export function calibrationAsMarkdown(rows: readonly Calibration[]): string {
  const columns = MARKETS.flatMap((market) => SIGMAS.map((sigma) => ({ market, sigma })));
  const definitions = [...new Set(rows.map(({ definition }) => definition))];
  const body = definitions.map((definition) => {
    const [least, most] = BANDS[definition.id] as readonly [number, number];
    const shares = columns.map(({ market, sigma }) => {
      const row = rows.find((r) => r.definition === definition && r.market === market && r.sigma === sigma);
      return percent(row?.share ?? NaN);
    });
    return [`\`${definition.id}\``, leastConfidence(definition), `${percent(least)}–${percent(most)}`, ...shares];
  });
  const titles = columns.map(({ market, sigma }) => `${market.replace('-', ' ')} σ ${sigma * 100} %`);
  return table(['strategy', '`min_confidence`', 'band, %', ...titles], body);
}

function section(definition: StrategyDefinition): string {
  const { id, title, rule, params, factors } = definition;
  const total = factors.reduce((sum, { weight }) => sum + weight, 0);
  return [
    `## ${title}: \`${id}\``,
    rule,
    table(
      ['parameter', 'default', 'may be'],
      Object.entries(params).map(([name, spec]) => [`\`${name}\``, spec.default, allowed(spec)]),
    ),
    table(
      ['factor', 'weight', 'formula, for a buy'],
      factors.map(({ name, weight, formula }) => [`\`${name}\``, weight, formula]),
    ),
    `Weights add up to ${Number(total.toFixed(3))}.`,
  ].join('\n\n');
}

function allowed(spec: ParamSpec): string {
  if (spec.kind === 'choice') return spec.values.map((value) => `\`${value}\``).join(', ');
  return `${spec.kind === 'int' ? 'whole number' : 'number'}, ${spec.min} to ${spec.max}`;
}

function percent(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}

/** A table as Prettier would align it, so that formatting the docs changes nothing. */
function table(header: readonly unknown[], rows: readonly (readonly unknown[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = header.map((_, i) => Math.max(3, ...cells.map((row) => (row[i] as string).length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`;
  const [first, ...rest] = cells as [string[], ...string[][]];
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
