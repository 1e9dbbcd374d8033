import { sampleAlert } from '../testing/sample-alert';
import { consoleChannel } from './console';
import { testChannelContract } from './testing/test-channel-contract';

const printed: { line: string; fields: Record<string, unknown> }[] = [];
const create = () =>
  consoleChannel.create(
    { type: 'console' },
    {
      name: 'console',
      secretOf: () => undefined,
      timeoutMs: 100,
      print: (line, fields) => void printed.push({ line, fields }),
    },
  );

testChannelContract('console', {
  healthy: create,
  received: () => printed.map(({ fields }) => String(fields['alert'])),
  secrets: [],
});

it('prints one line that a person can read', async () => {
  await create().deliver(sampleAlert(), 'd', new AbortController().signal);
  expect(printed.at(-1)?.line).toBe('ALERT BUY SPY 1s at 512.3: macd_rsi_strategy, confidence 0.71');
});
