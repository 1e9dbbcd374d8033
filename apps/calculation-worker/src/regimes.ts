import { indicatorPlanOf } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import { createEngine, type IndicatorCatalog, type IndicatorEngine } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import { BAR_NUMBERS, eventFormat, type EventFormat } from '@wagehood/streams';

/** Everything that a configuration means to the arithmetic of a partition. */
export interface Regime {
  readonly engine: IndicatorEngine;
  /** The text of its events. */
  readonly format: EventFormat;
  /** Columns of a row of history: the bar, then the values. */
  readonly columns: readonly string[];
  /** The row that is being made, used again for every bar, and the part of it that holds the values. */
  readonly row: Float64Array;
  readonly values: Float64Array;
}

/** Fills the columns of a bar, BAR_NUMBERS. */
export function fillRow(row: Float64Array, { openTime, open, high, low, close, volume }: Bar): void {
  row[0] = openTime;
  row[1] = open;
  row[2] = high;
  row[3] = low;
  row[4] = close;
  row[5] = volume;
}

/** The regimes of a partition: one for each plan that its configurations name, however many of them name the same. */
export class Regimes {
  readonly #byPlan = new Map<string, Regime>();
  readonly #byVersion = new Map<number, Regime>();
  /** What was asked for last. */
  #last: { readonly document: ControlDocument; readonly regime: Regime } | null = null;

  constructor(private readonly catalog: IndicatorCatalog) {}

  /** @throws when the settings do not resolve; nothing has changed then */
  of(document: ControlDocument): Regime {
    if (document === this.#last?.document) return this.#last.regime;
    const regime = this.#byVersion.get(document.version) ?? this.#add(document);
    this.#last = { document, regime };
    return regime;
  }

  #add(document: ControlDocument): Regime {
    const plan = indicatorPlanOf(document.settings, this.catalog);
    const regime = this.#byPlan.get(plan.fingerprint) ?? createRegime(plan);
    this.#byPlan.set(plan.fingerprint, regime);
    this.#byVersion.set(document.version, regime);
    return regime;
  }

  ofPlan(fingerprint: string): Regime | undefined {
    return this.#byPlan.get(fingerprint);
  }

  /** Lets go of engines that no other configuration than these can ask for again. */
  keep(documents: readonly ControlDocument[]): void {
    this.#last = null;
    const versions = new Set(documents.map(({ version }) => version));
    for (const version of this.#byVersion.keys()) if (!versions.has(version)) this.#byVersion.delete(version);
    const needed = new Set(this.#byVersion.values());
    for (const [fingerprint, regime] of this.#byPlan) if (!needed.has(regime)) this.#byPlan.delete(fingerprint);
  }
}

function createRegime(plan: ReturnType<typeof indicatorPlanOf>): Regime {
  const names = plan.columns.map(({ indicator, output }) => (output ? `${indicator}.${output}` : indicator));
  const columns = [...BAR_NUMBERS, ...names];
  const row = new Float64Array(columns.length);
  const values = row.subarray(BAR_NUMBERS.length);
  return { engine: createEngine(plan), format: eventFormat(plan.columns), columns, row, values };
}
