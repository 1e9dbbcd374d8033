import type { Settings } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import type { Control } from '@wagehood/streams';

/** Tries before we believe that somebody writes all the time. */
const MAX_TRIES = 20;

export interface Change {
  readonly document: ControlDocument;
  /** False: there was nothing to change. */
  readonly written: boolean;
}

/**
 * Changes the one document by compare-and-set: reads it, lets `edit` make the next settings from the present ones
 * (null: nothing to do), writes them, and begins again when another replica was faster.
 * @param edit gets null when there is no document yet; a throw of it is passed on
 */
export async function changeDocument(
  control: Pick<Control, 'read' | 'write'>,
  updatedBy: string,
  edit: (stored: Settings | null, document: ControlDocument | null) => Settings | null,
): Promise<Change> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const document = await control.read();
    const settings = edit(document?.settings ?? null, document);
    if (settings === null) {
      if (!document) throw new Error('there is no configuration to leave as it is');
      return { document, written: false };
    }
    const next = { settings, updatedBy, updatedAt: Date.now() };
    const reply = await control.write(next, document?.version ?? 0);
    if (reply.ok) return { document: { version: reply.version, ...next }, written: true };
  }
  throw new Error(`the configuration changed ${MAX_TRIES} times while it was being written`);
}
