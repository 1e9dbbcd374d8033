import { until } from '@wagehood/testing';
import { watchEventLoop } from './event-loop';

it('notices that the loop stood still', async () => {
  const watch = watchEventLoop();
  await new Promise((resolve) => setTimeout(resolve, 0));
  const blockedUntil = performance.now() + 400;
  while (performance.now() < blockedUntil);
  await until(() => watch.delayMs() >= 100, { timeoutMs: 2000 });
  watch.stop();
});
