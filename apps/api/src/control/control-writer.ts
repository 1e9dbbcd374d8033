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
  /** Changes of this process wait for each other; only those of other replicas can then be in the way. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const takeBase = async (base: Settings, updatedBy: 'start' | 'file'): Promise<ControlDocument> => {
    const known = await digests.read();
    let changed: readonly Section[] = [];
    const { document, written } = await changeDocument(control, updatedBy, (stored) => {
      const merged = mergeSettings(base, stored, known);
      const fault = check(merged.settings);
      if (fault !== null) log.warn('changes made at run time do not fit the new base, which is taken alone', { fault });
      changed = fault === null ? merged.changed : (Object.keys(base) as Section[]);
      if (stored && changed.length === 0) return null;
      return fault === null ? merged.settings : base;
    });
    // After the document: a crash in between makes the next start take the same sections up again, which changes nothing.
    await digests.write(digestBase(base));
    if (written) log.info('configuration written', { version: document.version, sections: changed, updatedBy });
    return document;
  };

  const change: ControlWriter['change'] = async (updatedBy, edit) => {
    const outcome = await changeDocument(control, updatedBy, (stored) => {
      if (!stored) throw new Error('there is no configuration yet');
      return edit(stored);
    });
    const { version } = outcome.document;
    if (outcome.written) log.info('configuration written', { version, updatedBy });
    return outcome;
  };

  return {
    takeBase: (base, updatedBy) => inTurn(() => takeBase(base, updatedBy)),
    change: (updatedBy, edit) => inTurn(() => change(updatedBy, edit)),
  };
}
