import type { Alert, ResendRequest } from '@wagehood/contracts';
import type { AlertCommands } from '@wagehood/streams';

const ALERTS_PER_COMMAND = 100;

/** Those of the undelivered alerts that a request means. */
export const chooseAlerts = (undelivered: readonly Alert[], { ids, rule, channel }: ResendRequest): readonly Alert[] =>
  undelivered.filter(
    (alert) =>
      (ids === undefined || ids.includes(alert.id)) &&
      (rule === undefined || alert.rule === rule) &&
      (channel === undefined || alert.channel === channel),
  );

/** Asks alerting to deliver them again; resolves once it is in the stream. @returns their ids */
export async function requestResend(
  commands: Pick<AlertCommands, 'send'>,
  alerts: readonly Alert[],
  requestedBy: string,
): Promise<string[]> {
  for (let at = 0; at < alerts.length; at += ALERTS_PER_COMMAND) {
    const some = alerts.slice(at, at + ALERTS_PER_COMMAND);
    await commands.send({ action: 'resend', alerts: some, requestedBy, requestedAt: Date.now() });
  }
  return alerts.map(({ id }) => id);
}
