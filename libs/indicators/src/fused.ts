import { NEGLIGIBLE } from './kernel/rsi';
import { LEAST_DOUBT, SPREAD_DOUBT, SUM_DOUBT } from './kernel/renewal';
import type { Quintet } from './quintet';

// The hot path of the indicators that nearly everybody runs, in one function: five of them cost less than half of five calls.
// It computes nothing of its own. Each lane is the usual case of a definition's `step` on a series that is warm, bit for bit (a
// test holds the two together), and what is unusual (sums to be made anew, a market that died) is left to that `step`.

const { abs, sqrt } = Math;

/**
 * One bar of one warm series for all fused stages but those whose case is unusual: their indices are left in `unusual`, their
 * number is returned. `state[now]` is the close. Long, because a call costs more here than the arithmetic.
 */
export function runFused(
  first: Quintet | null,
  state: Float64Array,
  base: number,
  now: number,
  out: Float64Array,
  unusual: Int32Array,
): number {
  let count = 0;
  for (let quintet = first; quintet !== null; quintet = quintet.next) {
    const close = state[now] as number;
    if (quintet.mean >= 0) {
      const at = base + quintet.mean;
      const change = close - (state[now - quintet.meanPeriod] as number);
      const sum = (state[at] as number) + change;
      const before = state[at + 1] as number;
      const doubt = before + abs(change) * SUM_DOUBT + sum * quintet.meanWear;
      if (before > 0 && sum > doubt) {
        state[at] = sum;
        state[at + 1] = doubt;
        out[quintet.meanColumn] = sum / quintet.meanPeriod;
      } else unusual[count++] = quintet.meanIndex;
    }
    if (quintet.ema >= 0) {
      const at = base + quintet.ema;
      const before = state[at] as number;
      const average = before + quintet.emaWeight * (close - before);
      state[at] = average;
      out[quintet.emaColumn] = average;
    }
    if (quintet.rsi >= 0) {
      const at = base + quintet.rsi;
      const share = quintet.rsiShare;
      const change = (close - (state[now - 1] as number)) * share;
      const up = (change + abs(change)) * 0.5;
      const gain = (state[at] as number) * (1 - share) + up;
      const loss = (state[at + 1] as number) * (1 - share) + (up - change);
      if (gain + loss > close * NEGLIGIBLE) {
        state[at] = gain;
        state[at + 1] = loss;
        out[quintet.rsiColumn] = 100 * (gain / (gain + loss));
      } else unusual[count++] = quintet.rsiIndex;
    }
    if (quintet.macd >= 0) {
      const at = base + quintet.macd;
      const to = quintet.macdColumn;
      const fastBefore = state[at] as number;
      const slowBefore = state[at + 2] as number;
      const signalBefore = state[at + 4] as number;
      const fast = fastBefore + quintet.macdWeight * (close - fastBefore);
      const slow = slowBefore + quintet.macdSlowWeight * (close - slowBefore);
      const line = fast - slow;
      const signal = signalBefore + quintet.macdSignalWeight * (line - signalBefore);
      state[at] = fast;
      state[at + 2] = slow;
      state[at + 4] = signal;
      out[to] = line;
      out[to + 1] = signal;
      out[to + 2] = line - signal;
    }
    if (quintet.bands >= 0) {
      const at = base + quintet.bands;
      const to = quintet.bandsColumn;
      const share = quintet.bandsShare;
      const anchor = state[at] as number;
      const entering = close - anchor;
      const leaving = (state[now - quintet.bandsPeriod] as number) - anchor;
      const change = (entering - leaving) * (entering + leaving);
      const sum = (state[at + 1] as number) + (entering - leaving);
      const squares = (state[at + 2] as number) + change;
      const offset = sum * share;
      const spread = squares - sum * offset;
      const before = state[at + 3] as number;
      const doubt = before + abs(change) * SPREAD_DOUBT + spread * quintet.bandsWear;
      if (before > 0 && spread + 2 * LEAST_DOUBT > doubt) {
        state[at + 1] = sum;
        state[at + 2] = squares;
        state[at + 3] = doubt;
        const middle = anchor + offset;
        const reach = spread > 0 ? quintet.bandsWidth * sqrt(spread * share) : 0;
        out[to] = middle + reach;
        out[to + 1] = middle;
        out[to + 2] = middle - reach;
      } else unusual[count++] = quintet.bandsIndex;
    }
  }
  return count;
}
