import { JsonWriter } from '../json/json-writer';
import { ValueBlock } from './value-block';

/** The bytes as any other program makes them. */
const littleEndian = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeDoubleLE(value, 8 * i));
  return bytes;
};

function textOf(rows: readonly (readonly number[])[]): string {
  const [block, writer] = [new ValueBlock(), new JsonWriter()];
  for (const row of rows) block.add(Float64Array.from(row));
  block.write(writer);
  return writer.take().toString();
}

describe('ValueBlock', () => {
  it('is the base64 of little-endian doubles, without a sign of zero, and one NaN for what is not finite', () => {
    const plain = littleEndian([0.1, 0, 0, NaN, NaN, NaN]).toString('base64');
    expect(
      textOf([
        [0.1, 0, -0],
        [NaN, Infinity, -Infinity],
      ]),
    ).toBe(`,"${plain}"`);
    expect(textOf([[NaN]])).toBe(',"AAAAAAAA+H8="');
    expect(textOf([])).toBe('');
  });

  it('holds as many rows as come, and gives each of them back', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => [i, 1 / (i + 1)]);
    expect(textOf(rows)).toBe(`,"${littleEndian(rows.flat()).toString('base64')}"`);
    const [block, into] = [new ValueBlock(), new Float64Array(2)];
    for (const row of rows) block.add(Float64Array.from(row));
    for (const place of [0, 1_500, 4_999]) {
      block.copy(place, into.length, into, 0);
      expect([...into]).toEqual(rows[place]);
    }
  });
});
