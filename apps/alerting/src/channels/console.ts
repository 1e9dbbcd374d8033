import { defineChannel } from './channel';

/** One line per alert in the log of the alerting service. */
export const consoleChannel = defineChannel<{ readonly type: 'console' }>({
  type: 'console',
  create: (_settings, { print }) => ({
    async deliver(alert, deliveryId, signal) {
      signal.throwIfAborted();
      print(`ALERT ${alert.title}`, {
        rule: alert.rule,
        severity: alert.severity,
        symbol: alert.signal?.symbol ?? alert.system?.symbols?.join(' '),
        alert: deliveryId,
      });
    },
  }),
});
