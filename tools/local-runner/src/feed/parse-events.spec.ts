import fc from 'fast-check';
import { createEventParser } from './parse-events';

describe('createEventParser', () => {
  it('reads id and data and ignores comments', () => {
    const parse = createEventParser();
    expect(parse(': hello\n\nid: 7\nevent: signal\ndata: {"a":1}\n\n')).toEqual([{ id: '7', data: '{"a":1}' }]);
  });

  it('gives the same events however the text is cut', () => {
    const text = 'retry: 1000\n\nid: 1\ndata: one\n\nid: 2\r\ndata: two\ndata: lines\r\n\r\n';
    const whole = createEventParser()(text);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const parse = createEventParser();
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const events = places.slice(1).flatMap((end, index) => parse(text.slice(places[index], end)));
        expect(events).toEqual(whole);
      }),
    );
  });
});
