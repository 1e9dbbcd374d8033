import type { Logger, Part } from '@wagehood/service';

const LOOK_EVERY_MS = 2_000;

/** All that a service does that is switched off: it sees to it that nobody waits for it. */
export function idlePart(standAside: () => Promise<boolean>, log: Logger): Part {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let aside = false;
  const look = async (): Promise<void> => {
    const before = aside;
    aside = await standAside();
    if (aside && !before) log.info('alerts are switched off: the strategy stage does not wait for this one');
  };
  return {
    name: 'alerting',
    start() {
      const lookNow = () => (looking = look().catch(() => undefined)); // Redis is away: nobody can wait for us meanwhile
      lookNow();
      timer = setInterval(lookNow, LOOK_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
    ready: () => ({ ok: true, detail: 'disabled (ENABLE_ALERTS=false): no rules are evaluated' }),
  };
}
