import { savedStrategySize } from '@wagehood/strategies';
import type { Regime } from './regime';

/** One series of a partition: which configuration it follows, and where its state is. */
export interface Series {
  regime: Regime;
  handle: number;
  /** Offset of the configuration that it follows. */
  follows: number;
  /** Measures and strategies that were added in mid-stream and have not seen their past. */
  cold: readonly string[];
}

const FINGERPRINT_BYTES = 8;

/** Layout: the engine's state; behind it, as JSON, what is cold, if anything is. */
export function encodeSeries({ regime: { engine }, handle, cold }: Series): Uint8Array {
  const state = engine.save(handle);
  return cold.length === 0 ? state : Buffer.concat([state, Buffer.from(JSON.stringify(cold))]);
}

/** A series from its stored bytes. @throws when they do not belong to the configuration of their time */
export function decodeSeries(cell: string, bytes: Uint8Array, regime: Regime | null, follows: number): Series {
  const fingerprint = Buffer.from(bytes.subarray(0, FINGERPRINT_BYTES)).toString('hex');
  if (regime?.engine.plan.fingerprint !== fingerprint)
    throw new Error(`state of ${cell} follows plan ${fingerprint}, not the configuration of its time`);
  const { engine } = regime;
  const size = savedStrategySize(engine.plan);
  const tail = Buffer.from(bytes.subarray(size)).toString();
  const series = { regime, handle: engine.add(), follows, cold: tail === '' ? [] : (JSON.parse(tail) as string[]) };
  engine.load(series.handle, bytes.subarray(0, size));
  return series;
}
