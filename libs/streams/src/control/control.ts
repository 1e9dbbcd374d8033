import { setTimeout as delay } from 'node:timers/promises';
import type { ControlDocument } from '@wagehood/contracts';
import { controlDocumentKey, controlStreamKey } from '../layout/keys';
import { writeControl } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';

/** The configuration that everybody follows: one document with a version. The api alone writes it. */
export interface Control {
  read(): Promise<ControlDocument | null>;
  /** Compare-and-set: writes version expected + 1, or says which version is there. */
  write(
    next: Pick<ControlDocument, 'settings' | 'updatedBy' | 'updatedAt'>,
    expectedVersion: number,
  ): Promise<{ readonly ok: boolean; readonly version: number }>;
  /** Calls back with the present document, if there is one, and with each later one. */
  watch(onDocument: (document: ControlDocument) => void | Promise<void>): { stop(): Promise<void> };
}

const BLOCK_MS = 1_000;
const RETRY_MS = 250;

export function createControl(link: RedisLink): Control {
  const readText = () => link.commands.hget(controlDocumentKey, 'document');
  const read = async (): Promise<ControlDocument | null> => {
    const json = await readText();
    return json === null ? null : (JSON.parse(json) as ControlDocument);
  };
  return {
    read,
    async write(next, expectedVersion) {
      const document = JSON.stringify({ version: expectedVersion + 1, ...next } satisfies ControlDocument);
      const keys = [controlDocumentKey, controlStreamKey];
      const reply = await writeControl.run(link.commands, keys, [expectedVersion, document]);
      // A call that was sent twice finds its own work done; a time alone would not do: two writers may share it.
      const mine = !reply.written && reply.version === expectedVersion + 1 && (await readText()) === document;
      return { ok: reply.written || mine, version: reply.version };
    },
    watch(onDocument) {
      const client = link.duplicate('blocking');
      let running = true;
      let [seen, seenText]: [number, string | null] = [0, null];
      const loop = async (): Promise<void> => {
        while (running) {
          try {
            const text = await readText();
            if (running && text !== null && text !== seenText) {
              const document = JSON.parse(text) as ControlDocument;
              await onDocument(document);
              [seen, seenText] = [document.version, text]; // after a loss another document may have the same version
            }
            await client.xread('BLOCK', BLOCK_MS, 'STREAMS', controlStreamKey, `${seen}-0`);
          } catch {
            if (running) await delay(RETRY_MS);
          }
        }
      };
      const done = loop();
      return {
        async stop() {
          running = false;
          client.disconnect();
          await done;
        },
      };
    },
  };
}
