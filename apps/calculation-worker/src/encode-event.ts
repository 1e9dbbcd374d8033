import type { BarEvent } from '@wagehood/contracts';
import type { IndicatorPlan } from '@wagehood/indicators';
import { jsonPiece, JsonWriter, writeBar, type JsonPiece } from '@wagehood/streams';

/** Writes an output event: the bar in full, when it was received, and every value by name. NaN is written as null. */
export type EncodeEvent = (bar: BarEvent, receivedAt: number, row: Float64Array) => string;

const RECEIVED_AT = jsonPiece(',"receivedAt":');
const NO_VALUES = jsonPiece(',"values":{}}');
const writer = new JsonWriter();

/** Compiles a plan to a writer of its events: names are put into bytes once, numbers at each bar. */
export function compileEncoder(plan: Pick<IndicatorPlan, 'placements'>): EncodeEvent {
  const { before, end } = piecesOf(plan);
  return (bar, receivedAt, row) => {
    writeBar(writer, bar);
    writer.piece(RECEIVED_AT);
    writer.number(receivedAt);
    for (let i = 0; i < before.length; i++) {
      writer.piece(before[i] as JsonPiece);
      writer.number(row[i] as number);
    }
    writer.piece(end);
    return writer.take();
  };
}

/** What stands before each number, and behind the last. */
function piecesOf({ placements }: Pick<IndicatorPlan, 'placements'>): { before: JsonPiece[]; end: JsonPiece } {
  const before: JsonPiece[] = [];
  let text = ',"values":{';
  placements.forEach(({ instance: { name, definition } }, i) => {
    text += `${i > 0 ? ',' : ''}${JSON.stringify(name)}:`;
    const isRecord = definition.outputs.length > 1;
    definition.outputs.forEach((output, k) => {
      if (isRecord) text += `${k > 0 ? ',' : '{'}${JSON.stringify(output)}:`;
      before.push(jsonPiece(text));
      text = '';
    });
    if (isRecord) text = '}';
  });
  return { before, end: jsonPiece(`${text}}}`) };
}

/** A forming bar is shown, never computed on: its event carries no values. */
export function encodeForming(bar: BarEvent, receivedAt: number): string {
  writeBar(writer, bar);
  writer.piece(RECEIVED_AT);
  writer.number(receivedAt);
  writer.piece(NO_VALUES);
  return writer.take();
}
