import { readFile } from 'node:fs/promises';
import type { Catalogs, SettingsOverrides } from '@wagehood/config';
import { formatFault } from '@wagehood/config';
import { StartError, type Logger, type Part } from '@wagehood/service';
import type { ControlDocument } from '@wagehood/contracts';
import type { Control } from '@wagehood/streams';
import { leaveInTime } from '../read-model/leave-in-time';
import type { ConfigState } from './config-state';
import { changeDocument } from './configuration';
import type { ControlWriter } from './control-writer';
import { loadBase } from './load-base';
import { watchSettingsFile } from './settings-file';

export interface ConfigurationOptions {
  readonly control: Control;
  readonly writer: ControlWriter;
  readonly state: ConfigState;
  readonly catalogs: Catalogs;
  readonly overrides: SettingsOverrides;
  /** Path of the settings file, if there is one. */
  readonly file: string | undefined;
  /** Resolves when Redis has answered and accepts us. */
  readonly redisReady: () => Promise<void>;
  readonly log: Logger;
}

const CHECK_DOCUMENT_MS = 2_000;

/** Writes the configuration at start, then follows the file, other replicas and the loss of the document itself. */
export function configurationPart(options: ConfigurationOptions): Part {
  const { control, writer, state, catalogs, overrides, file, redisReady, log } = options;
  const stops: (() => Promise<void> | void)[] = [];

  const takeText = async (text: string | null, updatedBy: 'start' | 'file'): Promise<void> => {
    const base = loadBase(text, overrides, catalogs);
    for (const warning of base.warnings) log.warn(`settings: ${formatFault(warning)}`);
    state.adopt(await writer.takeBase(base.settings, updatedBy));
  };

  /**
   * A Redis that came back empty gets the configuration that everybody still works with. One that lost the newest document but not the logs
   * that it had entered gets the one that is left once more, as a later version, or the logs would follow what nobody can read.
   */
  const restoreLostDocument = async (): Promise<void> => {
    const view = state.current();
    if (!view) return;
    const [document, logged] = await Promise.all([control.read(), control.loggedVersion()]);
    if (document && document.version >= logged) return;
    log.warn('Redis has lost the configuration; writing it again', { version: view.version, logged });
    await redisReady();
    const isLost = (now: ControlDocument | null) => !now || now.version < logged;
    await changeDocument(control, 'restored', (stored, now) => {
      if (!isLost(now)) return null;
      return stored && view.version < logged ? stored : view.settings;
    });
  };

  return {
    name: 'configuration',
    async start() {
      const text = file === undefined ? null : await readSettings(file);
      loadBase(text, overrides, catalogs); // a fault ends the start before Redis is waited for
      await redisReady();
      await takeText(text, 'start');
      const following = control.watch((document) => state.follow(document));
      const timer = setInterval(() => void restoreLostDocument().catch(() => undefined), CHECK_DOCUMENT_MS);
      stops.push(
        () => following.stop(),
        () => clearInterval(timer),
      );
      if (file === undefined || text === null) return;
      const watching = watchSettingsFile({ path: file, text, apply: (now) => takeText(now, 'file'), log });
      stops.push(() => watching.stop());
    },
    async stop() {
      await leaveInTime(Promise.all(stops.map((stop) => stop())));
    },
    ready() {
      const view = state.current();
      return { ok: view !== null, detail: view ? `version ${view.version}` : 'not written yet' };
    },
  };
}

async function readSettings(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new StartError(`CONFIG_FILE: ${(error as Error).message}`, { cause: error });
  }
}
