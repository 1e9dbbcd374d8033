import { parseCommand } from './command';

const API = 'http://127.0.0.1:8000';

describe('the words of the command', () => {
  it.each<[string, object]>([
    ['list', { verb: 'list', api: API, json: false, filters: {} }],
    ['list --stage strategy --symbol SPY --limit 5', { filters: { stage: 'strategy', symbol: 'SPY', limit: '5' } }],
    [
      'show calculation.0.1-0 --json --api http://a/',
      { verb: 'show', id: 'calculation.0.1-0', api: 'http://a', json: true },
    ],
    ['alerts --channel desk', { verb: 'alerts', choice: { ids: [], channel: 'desk' } }],
    ['resend a b', { verb: 'resend', choice: { ids: ['a', 'b'] } }],
    ['resend --all --rule r', { verb: 'resend', choice: { ids: [], rule: 'r' } }],
  ])('%s', (text, command) => expect(parseCommand(text.split(' '))).toMatchObject(command));

  it('asks for help', () => expect(parseCommand(['list', '-h'])).toBe('help'));

  it.each([
    ['', /^nothing: list, show, alerts or resend is expected$/],
    ['lost', /^lost: list, show/],
    ['list SPY', /^SPY: list takes flags alone$/],
    ['list --rule r', /^--rule: is no flag of list$/],
    ['show', /^show: one id is expected/],
    ['show a b', /^show: one id is expected/],
    ['show a --stage strategy', /^--stage: is no flag of show$/],
    ['resend', /^resend: ids as alerts gives them, or --all/],
    ['resend a --all', /^resend: ids as alerts gives them, or --all/],
    ['list --api a:8000', /^--api a:8000: an http/],
    ['list --everything', /--everything/],
  ])('"%s" is refused in one line', (text, reason) => {
    expect(() => parseCommand(text.split(' ').filter((word) => word !== ''))).toThrow(reason);
  });
});
