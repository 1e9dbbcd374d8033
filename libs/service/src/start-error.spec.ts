import { messageOf, StartError } from './start-error';

it.each<[string, unknown, string]>([
  ['a plain error', new Error('no'), 'no'],
  ['causes', new StartError('Redis', { cause: new Error('refused', { cause: 'ECONN' }) }), 'Redis: refused: ECONN'],
  ['a cause that says the same again', new Error('Redis: refused', { cause: new Error('refused') }), 'Redis: refused'],
  ['several errors without a message', new AggregateError([new Error('a'), new Error('b')]), 'a, b'],
  ['a code alone', Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['no error at all', 'just a text', 'just a text'],
])('messageOf %s', (_what, error, message) => expect(messageOf(error)).toBe(message));

it('ends at a cycle of causes', () => {
  const error = new Error('round');
  error.cause = error;
  expect(messageOf(error)).toBe('round');
});
