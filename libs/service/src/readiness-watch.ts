import type { Report } from './health/report';
import type { Lifecycle } from './lifecycle';
import type { Logger } from './log/logger';

const UNTIL_READY_MS = 25;
const AFTERWARDS_MS = 1000;

const reasons = ({ parts }: Report) => parts.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);

/** Calls `onReady` once, the first time that everything is ready; later changes are logged, one line each. */
export function watchReadiness(lifecycle: Lifecycle, log: Logger, onReady: () => void): void {
  let announced = false;
  let wasReady = true;
  const look = () => {
    if (lifecycle.phase === 'stopping') return;
    const report = lifecycle.readiness();
    if (report.ok && !announced) onReady();
    else if (report.ok && !wasReady) log.info('ready again');
    else if (!report.ok && announced && wasReady) log.warn('not ready', { reasons: reasons(report) });
    announced ||= report.ok;
    wasReady = report.ok;
    setTimeout(look, announced ? AFTERWARDS_MS : UNTIL_READY_MS).unref();
  };
  look();
}
