import { settingsSchema } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import { readControlDocument, shareControlDocument } from './control-document';

const document = (version: number): ControlDocument => ({
  ...{ version, updatedAt: 5, updatedBy: 'start' },
  settings: settingsSchema.parse({ watchlist: [{ symbol: 'SPY' }] }),
});

describe('a control document', () => {
  it('is one object for all who read the same text, and for those who have an equal one', () => {
    const json = JSON.stringify(document(1));
    const read = readControlDocument(json);
    expect(read).toEqual(document(1));
    expect(readControlDocument(`${json.slice(0, -1)}}`)).toBe(read);
    expect(shareControlDocument(document(1))).toBe(read);
    expect(readControlDocument(JSON.stringify(document(2)))).not.toBe(read);
  });

  it('that is none is refused every time', () => {
    for (let i = 0; i < 2; i++) expect(() => readControlDocument('{"version":0}')).toThrow(/^control document: /);
  });
});
