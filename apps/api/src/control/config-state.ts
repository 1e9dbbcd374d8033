import type { ControlDocument } from '@wagehood/contracts';
import { createConfigView, type ConfigView } from '../read-model/config-view';

/** The configuration that this process answers by. */
export interface ConfigState {
  current(): ConfigView | null;
  /** The document as Redis has it, whatever its version: after a loss it begins again at 1. */
  follow(document: ControlDocument): void;
  /** A document that we have just written; an older one is left aside. */
  adopt(document: Pick<ControlDocument, 'version' | 'settings'>): void;
}

export function createConfigState(): ConfigState {
  let view: ConfigView | null = null;
  return {
    current: () => view,
    follow(document) {
      if (document.version !== view?.version) view = createConfigView(document);
    },
    adopt(document) {
      if (document.version > (view?.version ?? 0)) view = createConfigView(document);
    },
  };
}
