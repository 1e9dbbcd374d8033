import type { Alert } from '@wagehood/contracts';

/** A place where alerts go. */
export interface Channel {
  /**
   * Delivers one alert. `deliveryId` is the same at every attempt, so that a receiver can tell a repetition. Rejects with
   * `Undeliverable` when trying again is pointless, with any other error when it may help.
   */
  deliver(alert: Alert, deliveryId: string, signal: AbortSignal): Promise<void>;
  /** Lets go of connections. */
  close?(): void;
}

/** What a channel is given besides its own settings. */
export interface ChannelContext {
  readonly name: string;
  /** Writes one line for people. */
  readonly print: (line: string, fields: Record<string, unknown>) => void;
  /** What a variable that the settings name holds now; undefined when it is not set. */
  readonly secretOf: (variable: string) => string | undefined;
  /** One attempt may take this long, ms. */
  readonly timeoutMs: number;
}

/** A kind of channel: its `type` in the settings, and how to make one. */
export interface ChannelDefinition<Settings extends { readonly type: string }> {
  readonly type: Settings['type'];
  create(settings: Settings, context: ChannelContext): Channel;
}

export function defineChannel<Settings extends { readonly type: string }>(
  definition: ChannelDefinition<Settings>,
): ChannelDefinition<Settings> {
  return Object.freeze({ ...definition });
}

/** The receiver will never take this: an address that is refused, an answer that says no. Not retried. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}
