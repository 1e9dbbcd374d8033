import { askApi, readEnvironment, type ApiAccess, type CommandDefinition } from '@wagehood/command';
import { alertsResponse, deadLetterResponse, deadLettersResponse, resendResponse } from '@wagehood/contracts';
import { parseCommand, USAGE, type AlertChoice, type Command, type Filters } from './command';
import { deadLettersEnv } from './env';
import { alertLines, letterLines, letterPage } from './tables';

export const deadLetters: CommandDefinition<Command> = {
  name: 'dead-letters',
  usage: USAGE,
  parse: parseCommand,
  async run(command, environment) {
    const { api } = readEnvironment(deadLettersEnv, environment);
    const answer = await answerTo(command, { base: command.api, key: api.key });
    return command.json ? [JSON.stringify(answer.value, null, 2)] : answer.lines;
  },
};

interface Answer {
  readonly value: unknown;
  readonly lines: readonly string[];
}

async function answerTo(command: Command, access: ApiAccess): Promise<Answer> {
  switch (command.verb) {
    case 'list': {
      const path = `/monitor/dead-letters${queryOf(command.filters)}`;
      const value = await askApi(access, { path, answer: deadLettersResponse, scope: 'read' });
      return { value, lines: letterLines(value.deadLetters, value.kept) };
    }
    case 'show': {
      const path = `/monitor/dead-letters/${encodeURIComponent(command.id)}`;
      const value = await askApi(access, { path, answer: deadLetterResponse, scope: 'read' });
      return { value, lines: letterPage(value) };
    }
    case 'alerts': {
      const path = `/monitor/alerts?${alertQuery(command.choice)}`;
      const value = await askApi(access, { path, answer: alertsResponse, scope: 'read' });
      const more = value.nextCursor === null ? [] : ['… and more; --rule and --channel narrow it down'];
      return { value, lines: [...alertLines(value.alerts), ...more] };
    }
    case 'resend': {
      const { ids, ...where } = command.choice;
      const body = ids.length > 0 ? { ids, ...where } : where;
      const question = { path: '/monitor/alerts/resend', body, answer: resendResponse, scope: 'write' } as const;
      const value = await askApi(access, question);
      const asked = value.requested.length;
      if (asked === 0) throw new Error('none of the alerts that could not be delivered is meant by that');
      return { value, lines: [`${asked} alerts are delivered again; alerts shows what remains`] };
    }
  }
}

function queryOf({ stage, symbol, limit }: Filters): string {
  const entries = Object.entries({ stage, symbols: symbol, limit }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(entries as [string, string][]).toString();
  return query === '' ? '' : `?${query}`;
}

function alertQuery({ rule, channel }: AlertChoice): string {
  return new URLSearchParams({
    status: 'failed',
    limit: '1000',
    ...(rule !== undefined && { rule }),
    ...(channel !== undefined && { channel }),
  }).toString();
}
