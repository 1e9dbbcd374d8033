import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinStrategies } from './builtin/builtin-strategies';
import { BANDS, calibrate, leastConfidence, medianConfidence, type Calibration } from './testing/calibration';
import { calibrationAsMarkdown, definitionsAsMarkdown } from './testing/strategy-docs';

const DOC = join(__dirname, '../../../docs/strategies.md');

const rows = calibrate(builtinStrategies);
const otherSeed = calibrate(builtinStrategies, 77);

/** Replaces what stands between `<!-- name:start -->` and `<!-- name:end -->`. */
function fill(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/strategies.md has no place for ${name}`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

describe.each(builtinStrategies.map((definition) => ({ id: definition.id, definition })))(
  '$id',
  ({ id, definition }) => {
    const mine = (all: readonly Calibration[]) => all.filter((row) => row.definition === definition);

    it.each(mine(rows))('fires within its band: $market, σ $sigma', ({ share }) => {
      const [least, most] = BANDS[id] as readonly [number, number];
      expect(share).toBeGreaterThanOrEqual(least);
      expect(share).toBeLessThanOrEqual(most);
    });

    it.each(mine(otherSeed))('does so with another seed: $market, σ $sigma', ({ share }) => {
      const [least, most] = BANDS[id] as readonly [number, number];
      expect(share).toBeGreaterThanOrEqual(least);
      expect(share).toBeLessThanOrEqual(most);
    });

    it('asks for the confidence that the better half of its candidates has', () => {
      expect(Math.abs(leastConfidence(definition) - medianConfidence(mine(rows)))).toBeLessThanOrEqual(0.025);
    });
  },
);

describe('docs/strategies.md', () => {
  it('says what the definitions and the calibration say (UPDATE_DOCS=1 rewrites it)', () => {
    expect(existsSync(DOC)).toBe(true);
    const text = readFileSync(DOC, 'utf8');
    const current = fill(
      fill(text, 'definitions', definitionsAsMarkdown(builtinStrategies)),
      'calibration',
      calibrationAsMarkdown(rows),
    );
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOC, current);
    else expect(text).toBe(current);
  });
});
