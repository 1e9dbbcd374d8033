import { jsonPiece, JsonWriter } from './json-writer';

describe('JsonWriter', () => {
  it('writes pieces and numbers, and begins anew after each text', () => {
    const writer = new JsonWriter();
    writer.piece(jsonPiece('{"a":'));
    writer.number(1.25);
    writer.piece(jsonPiece('}'));
    expect(writer.take().toString()).toBe('{"a":1.25}');
    writer.number(NaN);
    expect(writer.take().toString()).toBe('null');
    expect(writer.take().toString()).toBe('');
  });

  it('grows with its text', () => {
    const writer = new JsonWriter();
    for (let i = 0; i < 10_000; i++) {
      writer.piece(jsonPiece(i === 0 ? '[' : ','));
      writer.number(i / 7);
    }
    writer.piece(jsonPiece(']'));
    expect(JSON.parse(writer.take().toString())).toEqual(Array.from({ length: 10_000 }, (_, i) => i / 7));
  });

  it('escapes what is not ASCII', () => {
    const writer = new JsonWriter();
    writer.piece(jsonPiece(JSON.stringify({ quelle: 'Börse 📈' })));
    expect(JSON.parse(writer.take().toString())).toEqual({ quelle: 'Börse 📈' });
  });
});
