import { runCommand, type CommandDefinition } from './run-command';

const echo: CommandDefinition<string> = {
  name: 'echo',
  usage: 'npm run echo -- WORD',
  parse([word = '']) {
    if (word === '') throw new Error('nothing: a word is expected');
    return word === '--help' ? 'help' : word;
  },
  async run(word, environment) {
    if (word === 'fail') throw new Error('it failed');
    return [word, environment['NAME'] ?? ''];
  },
};

async function say(...words: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  return { code: await runCommand(echo, words, { NAME: 'me' }, terminal), out, err };
}

describe('a command', () => {
  it('answers in lines', async () => {
    expect(await say('hello')).toEqual({ code: 0, out: ['hello', 'me'], err: [] });
  });

  it('says how it is used', async () => {
    expect(await say('--help')).toEqual({ code: 0, out: [echo.usage], err: [] });
  });

  it('tells what failed from what was not understood', async () => {
    expect(await say('fail')).toEqual({ code: 1, out: [], err: ['it failed'] });
    const err = ['nothing: a word is expected; npm run echo -- --help says more'];
    expect(await say()).toEqual({ code: 2, out: [], err });
  });
});
