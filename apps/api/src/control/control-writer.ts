import type { Settings } from '@wagehood/config';
import type { ControlDocument } from '@wagehood/contracts';
import type { Control } from '@wagehood/streams';
import type { BaseDigestStore } from './base-digests';
import { changeDocument, type Change } from './configuration';
import { digestBase, mergeSettings, type Section } from './merge-settings';

export interface ControlWriterOptions {
  readonly control: Pick<Control, 'read' | 'write'>;
  readonly digests: BaseDigestStore;
  /** Checks the parts against each other; null, or what is wrong in words. */
  readonly check: (settings: Settings) => string | null;
  readonly log: { info(message: string, fields?: object): void; warn(message: string, fields?: object): void };
}

/** The single writer of the configuration that all services follow. */
export interface ControlWriter {
  /** Joins a new base (flags > environment > file > default) with what is stored, and writes it if that changes anything. */
  takeBase(base: Settings, updatedBy: 'start' | 'file'): Promise<ControlDocument>;
  /** A change at run time; `edit` returns null when there is nothing to do. */
  change(updatedBy: string, edit: (settings: Settings) => Settings | null): Promise<Change>;
}

export function createControlWriter({ control, digests, check, log }: ControlWriterOptions): ControlWriter {
  return {
    async takeBase(base, updatedBy) {
      const known = await digests.read();
      let changed: readonly Section[] = [];
      const { document, written } = await changeDocument(control, updatedBy, (stored) => {
        const merged = mergeSettings(base, stored, known);
        const fault = check(merged.settings);
        if (fault !== null)
          log.warn('changes made at run time do not fit the new base; the base is taken alone', { fault });
        const settings = fault === null ? merged.settings : base;
        changed = fault === null ? merged.changed : (Object.keys(base) as Section[]);
        return stored && changed.length === 0 ? null : settings;
      });
      // After the document: a crash in between makes the next start take the same sections up again, which changes nothing.
      await digests.write(digestBase(base));
      if (written) log.info('configuration written', { version: document.version, sections: changed, updatedBy });
      return document;
    },
    async change(updatedBy, edit) {
      const change = await changeDocument(control, updatedBy, (stored) => {
        if (!stored) throw new Error('there is no configuration yet');
        return edit(stored);
      });
      if (change.written) log.info('configuration written', { version: change.document.version, updatedBy });
      return change;
    },
  };
}
