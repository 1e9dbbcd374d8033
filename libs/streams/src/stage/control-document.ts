import { createHash } from 'node:crypto';
import { parseControlDocument, type ControlDocument } from '@wagehood/contracts';

/**
 * The documents that this process works with, by a digest of their text. Every partition reads the same ones from its log; with thousands
 * of symbols a copy for each of them would be half of the heap.
 */
const known = new Map<string, WeakRef<ControlDocument>>();

/** The document that this text is, one object for whoever reads it. @throws when it is none */
export function readControlDocument(json: string): ControlDocument {
  return shared(json, () => {
    const parsed = parseControlDocument(json);
    if (!parsed.ok) throw new Error(`control document: ${parsed.error}`);
    return parsed.value;
  });
}

/** The one object that stands for this document and all that are equal to it. */
export const shareControlDocument = (document: ControlDocument): ControlDocument =>
  shared(JSON.stringify(document), () => document);

function shared(json: string, make: () => ControlDocument): ControlDocument {
  const digest = createHash('sha1').update(json).digest('base64');
  const before = known.get(digest)?.deref();
  if (before) return before;
  for (const [other, reference] of known) if (!reference.deref()) known.delete(other);
  const document = make();
  known.set(digest, new WeakRef(document));
  return document;
}
