import { indicatorPlanOf, strategyPlanOf } from '@wagehood/config';
import type { CalculationEvent, ControlDocument, IndicatorValue, IndicatorValues } from '@wagehood/contracts';
import type { Column, IndicatorCatalog } from '@wagehood/indicators';
import {
  createStrategyEngine,
  type StrategyCatalog,
  type StrategyEngine,
  type StrategyInstance,
} from '@wagehood/strategies';
import { eventFormat, type EventFormat } from '@wagehood/streams';
import { SignalText } from './signal-text';

/** A column and its place in a row. */
export type PlacedColumn = Column & { readonly at: number };

/** Everything that a configuration means to the decisions of a partition. */
export interface Regime {
  readonly engine: StrategyEngine;
  readonly columns: readonly PlacedColumn[];
  /** The text of the events that carry these columns. */
  readonly format: EventFormat;
  /** The text of the signals of each strategy. */
  readonly signals: ReadonlyMap<StrategyInstance, SignalText>;
}

export interface Catalogs {
  readonly indicators: IndicatorCatalog;
  readonly strategies: StrategyCatalog;
}

/** The regimes of a partition; configurations that mean the same to it share one. */
export class Regimes {
  readonly #byVersion = new Map<number, Regime>();
  /** What was asked for last. */
  #last: { readonly document: ControlDocument; readonly regime: Regime } | null = null;

  constructor(private readonly catalogs: Catalogs) {}

  /** @throws when the settings do not resolve; nothing has changed then */
  of(document: ControlDocument): Regime {
    if (document === this.#last?.document) return this.#last.regime;
    const regime = this.#byVersion.get(document.version) ?? this.#add(document);
    this.#last = { document, regime };
    return regime;
  }

  #add(document: ControlDocument): Regime {
    const created = createRegime(document, this.catalogs);
    const regime = [...this.#byVersion.values()].find((other) => sameRegime(other, created)) ?? created;
    this.#byVersion.set(document.version, regime);
    return regime;
  }

  /** Lets go of engines that no other configuration than these can ask for again. */
  keep(documents: readonly ControlDocument[]): void {
    this.#last = null;
    const versions = new Set(documents.map(({ version }) => version));
    for (const version of this.#byVersion.keys()) if (!versions.has(version)) this.#byVersion.delete(version);
  }
}

function createRegime({ settings }: ControlDocument, catalogs: Catalogs): Regime {
  const indicators = indicatorPlanOf(settings, catalogs.indicators);
  const plan = strategyPlanOf(settings, catalogs.strategies, indicators);
  const columns = indicators.columns.map((column, at) => ({ ...column, at }));
  const signals = plan.placements.map(({ instance, columns: read }) => {
    const names = new Set(read.map((at) => (columns[at] as PlacedColumn).indicator));
    const reads = [...names].flatMap((name) => columns.filter(({ indicator }) => indicator === name));
    return [instance, new SignalText(instance, reads)] as const;
  });
  return { engine: createStrategyEngine(plan), columns, format: eventFormat(columns), signals: new Map(signals) };
}

function sameRegime(a: Regime, b: Regime): boolean {
  return (
    a.engine.plan.fingerprint === b.engine.plan.fingerprint && JSON.stringify(a.columns) === JSON.stringify(b.columns)
  );
}

/** The values of an event in the order of the columns, NaN where there is none. */
export function readValues(columns: readonly Column[], values: CalculationEvent['values'], into: Float64Array): void {
  for (let i = 0; i < columns.length; i++) {
    const { indicator, output } = columns[i] as Column;
    const value = values[indicator];
    const number =
      output === null ? value : (value as Readonly<Record<string, number | null>> | null | undefined)?.[output];
    into[i] = typeof number === 'number' ? number : NaN;
  }
}

/** The other way round: these columns of a row as values by name, null where there is none. */
export function valuesOf(columns: readonly PlacedColumn[], row: Float64Array): IndicatorValues {
  const values: Record<string, IndicatorValue> = {};
  for (const { indicator, output, at } of columns) {
    const number = row[at] as number;
    const value = Number.isNaN(number) ? null : number;
    if (output === null) values[indicator] = value;
    else ((values[indicator] ??= {}) as Record<string, number | null>)[output] = value;
  }
  return values;
}
