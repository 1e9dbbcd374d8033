import type { BarEvent } from '@wagehood/contracts';
import type { IndicatorPlan } from '@wagehood/indicators';
import { encodeBar } from '@wagehood/streams';

/** Writes an output event: the bar in full, when it was received, and every value by name. */
export type EncodeEvent = (bar: BarEvent, receivedAt: number, row: Float64Array) => string;

/** Compiles a plan to a writer of its events: names are put into text once, numbers at each bar. */
export function compileEncoder(plan: IndicatorPlan): EncodeEvent {
  const before = plan.placements.flatMap(({ instance }, i) => {
    const name = `${i > 0 ? ',' : ''}${JSON.stringify(instance.name)}:`;
    const { outputs } = instance.definition;
    if (outputs.length === 1) return [name];
    return outputs.map((output, k) => `${k === 0 ? `${name}{` : ','}${JSON.stringify(output)}:`);
  });
  const after = plan.placements.flatMap(({ instance: { definition } }) =>
    definition.outputs.map((_, k, all) => (all.length > 1 && k === all.length - 1 ? '}' : '')),
  );
  const columns = before.length;
  return (bar, receivedAt, row) => {
    let text = encodeBar(bar).slice(0, -1) + `,"receivedAt":${receivedAt},"values":{`;
    for (let i = 0; i < columns; i++) {
      const value = row[i] as number;
      text += before[i] as string;
      text += value - value === 0 ? value : 'null'; // neither NaN nor what overflowed is a number of JSON
      text += after[i] as string;
    }
    return text + '}}';
  };
}

/** A forming bar is shown, never computed on: its event carries no values. */
export function encodeForming(bar: BarEvent, receivedAt: number): string {
  return `${encodeBar(bar).slice(0, -1)},"receivedAt":${receivedAt},"values":{}}`;
}
