import type { Alert, AlertCommand } from '@wagehood/contracts';
import { startRedis, until, type TestRedis } from '@wagehood/testing';
import { alertCommandsKey } from '../layout/keys';
import { silentLog } from '../log';
import { connectRedis, type RedisLink } from '../redis/connect';
import { createAlertCommands } from './alert-commands';

const alert: Alert = {
  ...{ id: 'a', rule: 'r', channel: 'c', severity: 'info', title: 't', createdAt: 1, status: 'failed' },
};
const resend = (requestedBy: string): AlertCommand => ({
  ...{ action: 'resend', alerts: [alert], requestedBy, requestedAt: 1 },
});

describe('commands to alerting', () => {
  let redis: TestRedis;
  let link: RedisLink;
  const following: { stop(): Promise<void> }[] = [];
  beforeEach(async () => {
    redis = await startRedis();
    link = connectRedis({ url: redis.url, host: '', port: 0 }, { name: 'commands', log: silentLog });
  });
  afterEach(async () => {
    await Promise.all(following.splice(0).map((each) => each.stop()));
    await link.close();
    await redis.stop();
  });
  const follow = (handle: (command: AlertCommand) => Promise<void>) => {
    const each = createAlertCommands(link).follow(handle, silentLog);
    following.push(each);
    return each;
  };
  const pending = async () => ((await link.commands.xpending(alertCommandsKey, 'alerting')) as [number])[0];

  it('reach one of those who follow, also what was sent before anybody did', async () => {
    const seen: string[] = [];
    const commands = createAlertCommands(link);
    await commands.send(resend('first'));
    follow(async ({ requestedBy }) => void seen.push(requestedBy));
    follow(async ({ requestedBy }) => void seen.push(requestedBy));
    await commands.send(resend('second'));
    await until(() => seen.includes('second'));
    await until(async () => (await pending()) === 0);
    expect([...new Set(seen)]).toEqual(['first', 'second']); // one may be seen by both: it is theirs until it is acknowledged
  });

  it('come again when the one who took them did not finish, and what does not parse stops nobody', async () => {
    await link.commands.xadd(alertCommandsKey, '*', 'kind', 'command', 'data', '{oops');
    await createAlertCommands(link).send(resend('me'));
    let taken = 0;
    const dying = follow(async () => {
      taken++;
      throw new Error('killed');
    });
    await until(() => taken > 0);
    await dying.stop();
    const seen: string[] = [];
    follow(async ({ requestedBy }) => void seen.push(requestedBy));
    await until(async () => seen.length > 0 && (await pending()) === 0);
    expect(seen).toEqual(['me']);
  });
});
