import { signBody, verifySignature } from './sign';

const BODY = '{"title":"BUY SPY"}';

describe('signature', () => {
  it('is what other languages compute: printf "1700000000.%s" BODY | openssl dgst -sha256 -hmac secret', () => {
    expect(signBody('secret', BODY, 1_700_000_000)).toBe(
      't=1700000000,v1=5ebd4da9ccc33fb64932d38ef01117149499c6695a807b2d17b4368c231d4188',
    );
  });

  it('verifies what was signed', () => {
    expect(verifySignature('secret', BODY, signBody('secret', BODY, 1_000), 1_100)).toBe(true);
  });

  it.each([
    ['another body', 'secret', `${BODY} `, 1_000],
    ['another secret', 'other', BODY, 1_000],
    ['an old message', 'secret', BODY, 5_000],
  ])('refuses %s', (_, secret, body, now) => {
    expect(verifySignature(secret, body, signBody('secret', BODY, 1_000), now)).toBe(false);
  });

  it.each(['', 't=1', 'v1=00', 't=x,v1=00', `t=1000,v1=${'0'.repeat(63)}`])('refuses %p', (header) => {
    expect(verifySignature('secret', BODY, header, 1_000)).toBe(false);
  });
});
