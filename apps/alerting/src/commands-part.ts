import type { AlertCommand } from '@wagehood/contracts';
import type { Logger, Part } from '@wagehood/service';
import type { AlertCommands } from '@wagehood/streams';
import type { DeliveryQueue } from './delivery-queue';

/** Carries out what people ask for: deliveries that were given up are queued again. */
export function commandsPart(commands: AlertCommands, queue: Pick<DeliveryQueue, 'resend'>, log: Logger): Part {
  let following: { stop(): Promise<void> } | null = null;
  const handle = async ({ alerts, requestedBy }: AlertCommand): Promise<void> => {
    let queued = 0;
    for (const alert of alerts) if (await queue.resend(alert)) queued++;
    log.info('deliveries are sent again', { requested: alerts.length, queued, requestedBy });
  };
  return {
    name: 'commands',
    start() {
      following = commands.follow(handle, log);
    },
    async stop() {
      await following?.stop();
    },
  };
}
