import type { ChannelSettings, Settings } from '@wagehood/config';
import type { Alert } from '@wagehood/contracts';
import { createBreaker, type Breaker, type BreakerState, type Logger } from '@wagehood/service';
import { Undeliverable, type Channel, type ChannelContext } from './channels/channel';
import { createChannel } from './channels/create-channel';

type Deliver = [alert: Alert, deliveryId: string, signal: AbortSignal];

/** The channels of the present settings, each behind a breaker of its own. */
export interface ChannelTable {
  /** Adopts settings; channels that did not change keep their connections and their breaker. */
  apply(settings: Settings): void;
  /** @throws Undeliverable when there is no such channel (any more). */
  deliver(channel: string, ...args: Deliver): Promise<void>;
  close(): void;
}

export interface ChannelTableDeps {
  readonly timeoutMs: number;
  readonly secretOf: ChannelContext['secretOf'];
  readonly breakerMs: number;
  readonly log: Logger;
  readonly onBreaker: (channel: string, state: BreakerState) => void;
}

interface Entry {
  readonly fingerprint: string;
  readonly channel: Channel;
  readonly breaker: Breaker<Deliver, void>;
}

export function createChannelTable(deps: ChannelTableDeps): ChannelTable {
  const entries = new Map<string, Entry>();

  const open = (name: string, settings: ChannelSettings, fingerprint: string): void => {
    const print = (line: string, fields: Record<string, unknown>) => deps.log.info(line, { ...fields, channel: name });
    const channel = createChannel(settings, { name, print, secretOf: deps.secretOf, timeoutMs: deps.timeoutMs });
    const breaker = createBreaker<Deliver, void>((...args) => channel.deliver(...args), {
      name: `channel ${name}`,
      log: deps.log,
      timeoutMs: deps.timeoutMs + 1_000,
      resetMs: deps.breakerMs,
      ignore: (error) => error instanceof Undeliverable,
      onState: (state) => deps.onBreaker(name, state),
    });
    entries.set(name, { fingerprint, channel, breaker });
  };
  const shut = (name: string): void => {
    const entry = entries.get(name);
    entry?.breaker.shutdown();
    entry?.channel.close?.();
    entries.delete(name);
    deps.onBreaker(name, 'closed');
  };
  return {
    apply({ alerts: { channels } }) {
      for (const name of [...entries.keys()]) if (!(name in channels)) shut(name);
      for (const [name, settings] of Object.entries(channels)) {
        const fingerprint = JSON.stringify(settings);
        if (entries.get(name)?.fingerprint === fingerprint) continue;
        shut(name);
        open(name, settings, fingerprint);
      }
    },
    async deliver(name, ...args) {
      const entry = entries.get(name);
      if (!entry) throw new Undeliverable(`there is no channel '${name}' in the settings`);
      await entry.breaker.fire(...args);
    },
    close() {
      for (const name of [...entries.keys()]) shut(name);
    },
  };
}
