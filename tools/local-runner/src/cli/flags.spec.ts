import { parseFlags } from './flags';
import { helpText } from './help';

const faultsOf = (...argv: string[]) => {
  const parsed = parseFlags(argv);
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path} ${message}`);
};

describe('parseFlags', () => {
  it('reads values in both spellings and switches', () => {
    const parsed = parseFlags(['--symbols', 'SPY,QQQ', '--workers=2', '--validate-only']);
    expect(parsed).toEqual({ ok: true, flags: { symbols: 'SPY,QQQ', workers: '2', 'validate-only': true } });
  });

  it('has nothing to say about an empty line', () => {
    expect(parseFlags([])).toEqual({ ok: true, flags: {} });
  });

  it('lists everything that is wrong at once', () => {
    expect(faultsOf('--simbols', 'SPY', '--workers', '--exit-when-done=yes', '--symbols=A', '--symbols=B')).toEqual([
      '--simbols is not known; did you mean --symbols?',
      'SPY is not a flag',
      '--workers needs a value',
      '--symbols is given twice',
      '--exit-when-done takes no value',
    ]);
  });

  it('names the known flags beside an unknown one', () => {
    const parsed = parseFlags(['--nope']);
    expect(parsed).toMatchObject({ faults: [{ expected: expect.stringContaining('--data-provider') }] });
  });

  it('does not take the next flag for a value', () => {
    expect(faultsOf('--log-file', '--show-config')).toEqual(['--log-file needs a value']);
  });

  it('takes -h for help', () => {
    expect(parseFlags(['-h'])).toEqual({ ok: true, flags: { help: true } });
  });
});

describe('helpText', () => {
  it('shows each flag', () => {
    expect(helpText()).toContain('--update-interval SECONDS');
  });
});
