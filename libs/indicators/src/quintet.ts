import type { Params } from './params';
import type { Stage } from './stage';

/** The constants of a fused stage; which of them count is a matter of its kind. */
interface Constants {
  readonly period: number;
  /** 1 / period. */
  readonly share: number;
  /** Share of a running sum that becomes doubt with every value (see `renewal.ts`). */
  readonly wear: number;
  /** Standard deviations from the middle band to the outer ones. */
  readonly width: number;
  /** Share of the newest value in an exponential average. */
  readonly weight: number;
  readonly slowWeight: number;
  readonly signalWeight: number;
}

/** Which arithmetic of `runFused` is the usual case of an indicator, and the constants that it takes. */
export interface Fusion extends Partial<Constants> {
  readonly kind: 'mean' | 'ema' | 'rsi' | 'macd' | 'bands';
}

/** A fused stage: its constants, its place, and which of the fused stages it is. */
interface Lane extends Constants {
  readonly index: number;
  readonly slot: number;
  readonly column: number;
}

const ABSENT: Lane = {
  index: -1,
  slot: -1,
  column: -1,
  period: 0,
  share: NaN,
  wear: NaN,
  width: NaN,
  weight: NaN,
  slowWeight: NaN,
  signalWeight: NaN,
};

/**
 * At most one lane of each kind, its slot −1 where there is none, in one flat object: all that a step reads is then one load away.
 * As objects of their own, each looked at for its shape, the lanes cost a tenth of a step; as loops, one a kind, a third of it, for at
 * every turn of a loop the compiler forgets where the arrays lie.
 */
export interface Quintet {
  readonly mean: number;
  readonly meanIndex: number;
  readonly meanColumn: number;
  readonly meanPeriod: number;
  readonly meanWear: number;
  readonly ema: number;
  readonly emaColumn: number;
  readonly emaWeight: number;
  readonly rsi: number;
  readonly rsiIndex: number;
  readonly rsiColumn: number;
  readonly rsiShare: number;
  readonly macd: number;
  readonly macdColumn: number;
  readonly macdWeight: number;
  readonly macdSlowWeight: number;
  readonly macdSignalWeight: number;
  readonly bands: number;
  readonly bandsIndex: number;
  readonly bandsColumn: number;
  readonly bandsPeriod: number;
  readonly bandsShare: number;
  readonly bandsWear: number;
  readonly bandsWidth: number;
  readonly next: Quintet | null;
}

/** The fusion of an instance's definition, if it has one. */
export function fusionOf({ instance: { definition, params } }: Stage): Fusion | null {
  const fusion: ((params: Params) => Fusion) | undefined = definition.fusion;
  return fusion === undefined ? null : fusion(params);
}

/** Deals fused stages out to quintets: the first of each kind into the first, the second of each kind into the next. */
export function createQuintets(stages: readonly Stage[]): Quintet | null {
  const lanesOf = (wanted: Fusion['kind']) =>
    stages.flatMap((stage, index) => {
      const { kind = null, ...constants } = fusionOf(stage) ?? {};
      return kind === wanted ? [{ ...ABSENT, ...constants, index, slot: stage.slot, column: stage.column }] : [];
    });
  const kinds = (['mean', 'ema', 'rsi', 'macd', 'bands'] as const).map(lanesOf);
  const count = Math.max(...kinds.map(({ length }) => length));
  let first: Quintet | null = null;
  for (let i = count - 1; i >= 0; i--) first = quintetOf(first, ...kinds.map((lanes) => lanes[i]));
  return first;
}

function quintetOf(
  next: Quintet | null,
  mean: Lane = ABSENT,
  ema: Lane = ABSENT,
  rsi: Lane = ABSENT,
  macd: Lane = ABSENT,
  bands: Lane = ABSENT,
): Quintet {
  return {
    mean: mean.slot,
    meanIndex: mean.index,
    meanColumn: mean.column,
    meanPeriod: mean.period,
    meanWear: mean.wear,
    ema: ema.slot,
    emaColumn: ema.column,
    emaWeight: ema.weight,
    rsi: rsi.slot,
    rsiIndex: rsi.index,
    rsiColumn: rsi.column,
    rsiShare: rsi.share,
    macd: macd.slot,
    macdColumn: macd.column,
    macdWeight: macd.weight,
    macdSlowWeight: macd.slowWeight,
    macdSignalWeight: macd.signalWeight,
    bands: bands.slot,
    bandsIndex: bands.index,
    bandsColumn: bands.column,
    bandsPeriod: bands.period,
    bandsShare: bands.share,
    bandsWear: bands.wear,
    bandsWidth: bands.width,
    next,
  };
}
