import type { RedisLink } from '@wagehood/streams';

/** The one stream of each step. */
export const MARKET = 'market_data_stream';
export const CALCULATIONS = 'calculation_events_stream';
export const SIGNALS = 'signal_stream';

export const CALCULATION_GROUP = 'calculation_group';
export const EVALUATION_GROUP = 'evaluation_group';

/** `XADD stream MAXLEN ~ 10000 * data <json>`: arguments behind the command's name. */
export const addArguments = (stream: string, json: string): string[] => [
  stream,
  'MAXLEN',
  '~',
  '10000',
  '*',
  'data',
  json,
];

export interface PlainMessage {
  readonly id: string;
  readonly json: string;
}

type Reply = [stream: string, entries: [id: string, fields: string[]][]][] | null;

export async function createGroup({ commands }: RedisLink, stream: string, group: string): Promise<void> {
  await commands.call('xgroup', 'CREATE', stream, group, '0', 'MKSTREAM', 'ENTRIESREAD', '0');
}

/** The next messages for a consumer group, at most `count`; waits up to a second for the first. */
export async function readGroup(
  client: RedisLink['commands'],
  stream: string,
  group: string,
  count: number,
): Promise<PlainMessage[]> {
  const words = ['GROUP', group, 'worker-1', 'COUNT', String(count), 'BLOCK', '1000', 'STREAMS', stream, '>'];
  const reply = (await client.call('xreadgroup', ...words)) as Reply;
  return (reply?.[0]?.[1] ?? []).map(([id, fields]) => ({ id, json: fields[1] ?? '' }));
}

/** Messages that a group has been given and has acknowledged. */
export async function finished({ commands }: RedisLink, stream: string, group: string): Promise<number> {
  const groups = (await commands.call('xinfo', 'GROUPS', stream)) as (string | number)[][];
  for (const fields of groups) {
    const of = (name: string): unknown => fields[fields.indexOf(name) + 1];
    if (of('name') === group) return Number(of('entries-read') ?? 0) - Number(of('pending') ?? 0);
  }
  return 0;
}
