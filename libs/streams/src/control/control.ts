import { setTimeout as delay } from 'node:timers/promises';
import type { ControlDocument } from '@wagehood/contracts';
import { controlDocumentKey, controlStreamKey, lastKey } from '../layout/keys';
import { partitionTags } from '../layout/partition';
import { writeControl } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';

/** The configuration that everybody follows: one document with a version. The api alone writes it. */
export interface Control {
  read(): Promise<ControlDocument | null>;
  /** Compare-and-set: writes a version later than `expectedVersion` and than any in a log, or says which version is there. */
  write(
    next: Pick<ControlDocument, 'settings' | 'updatedBy' | 'updatedAt'>,
    expectedVersion: number,
  ): Promise<{ readonly ok: boolean; readonly version: number }>;
  /**
   * The latest version that has entered a log of bars, 0 for none. Later than the document's only when a node of a cluster has lost its
   * newest writes, and the document with them: the logs would refuse another one of the same version.
   */
  loggedVersion(): Promise<number>;
  /** Calls back with the present document, if there is one, and with each later one. */
  watch(onDocument: (document: ControlDocument) => void | Promise<void>): { stop(): Promise<void> };
}

const BLOCK_MS = 1_000;
const RETRY_MS = 250;

/** @param partitions whose logs a writer looks at; readers need none */
export function createControl(link: RedisLink, partitions = 0): Control {
  const tags = partitions > 0 ? partitionTags(partitions) : [];
  const loggedVersion = async (): Promise<number> => {
    const versions = await Promise.all(tags.map((tag) => link.commands.hget(lastKey(tag), '#control')));
    return Math.max(0, ...versions.map(Number));
  };
  const readText = () => link.commands.hget(controlDocumentKey, 'document');
  const read = async (): Promise<ControlDocument | null> => {
    const json = await readText();
    return json === null ? null : (JSON.parse(json) as ControlDocument);
  };
  return {
    read,
    loggedVersion,
    async write(next, expectedVersion) {
      const version = Math.max(expectedVersion, await loggedVersion()) + 1;
      const document = JSON.stringify({ version, ...next } satisfies ControlDocument);
      const keys = [controlDocumentKey, controlStreamKey];
      const reply = await writeControl.run(link.commands, keys, [expectedVersion, document, version]);
      // A call that was sent twice finds its own work done; a time alone would not do: two writers may share it.
      const mine = !reply.written && reply.version === version && (await readText()) === document;
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
