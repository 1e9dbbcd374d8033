import { parseAlertCommand, type AlertCommand } from '@wagehood/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { alertCommandsKey } from '../layout/keys';
import type { StreamsLog } from '../log';
import type { RedisLink } from '../redis/connect';
import { redisFault } from '../redis/errors';

/** What people ask of alerting: an ordinary stream with a group, each entry handled by any one process. */
export interface AlertCommands {
  send(command: AlertCommand): Promise<void>;
  /** Handles commands until stopped. A handler may see a command twice; one that throws sees it again. */
  follow(handle: (command: AlertCommand) => Promise<void>, log: StreamsLog): { stop(): Promise<void> };
}

const GROUP = 'alerting';
/** Constant, as everywhere: who dies leaves what it had taken to whoever reads next under the same name. */
const CONSUMER = 'alerting';
const KEPT = 1_000;
const POLL_MS = 500;
const COUNT = 10;

type Entry = readonly [id: string, fields: readonly string[] | null];

export function createAlertCommands(link: RedisLink): AlertCommands {
  const client = link.commands;

  const read = async (from: '0' | '>'): Promise<readonly Entry[]> => {
    const args = ['GROUP', GROUP, CONSUMER, 'COUNT', String(COUNT), 'STREAMS', alertCommandsKey, from];
    const reply = (await client.call('xreadgroup', ...args)) as [string, Entry[]][] | null;
    return reply?.[0]?.[1] ?? [];
  };
  const ensureGroup = (): Promise<unknown> =>
    client.xgroup('CREATE', alertCommandsKey, GROUP, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });

  return {
    async send(command) {
      await client.xadd(alertCommandsKey, 'MAXLEN', '~', KEPT, '*', 'kind', 'command', 'data', JSON.stringify(command));
    },
    follow(handle, log) {
      const stopping = new AbortController();
      const handleAll = async (entries: readonly Entry[]): Promise<void> => {
        for (const [id, fields] of entries) {
          if (stopping.signal.aborted) return;
          const parsed = parseAlertCommand(fields?.[fields.indexOf('data') + 1] ?? '');
          if (parsed.ok) await handle(parsed.value as AlertCommand);
          else log.warn('a command that does not parse was thrown away', { id, error: parsed.error });
          await client.xack(alertCommandsKey, GROUP, id);
        }
      };
      const loop = async (): Promise<void> => {
        while (!stopping.signal.aborted) {
          try {
            await handleAll(await read('0'));
            await handleAll(await read('>'));
          } catch (error) {
            if (redisFault(error) === 'group-gone') await ensureGroup().catch(() => undefined);
            else log.debug('reading commands failed', { error: String(error) });
          }
          await delay(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      };
      const done = loop();
      return {
        async stop() {
          stopping.abort();
          await done;
        },
      };
    },
  };
}
