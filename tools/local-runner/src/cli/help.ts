import { FLAGS } from './flags';

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(FLAGS).map(([name, flag]) => {
    const left = `--${name}${'value' in flag ? ` ${flag.value}` : ''}`;
    return `  ${left.padEnd(28)}${flag.meaning}`;
  });
  return [
    'npm start -- [flags]    runs the whole system on this machine; Ctrl-C stops it',
    '',
    ...rows,
    '',
    'Every setting also comes from the environment (WATCHLIST_SYMBOLS, DATA_PROVIDER, REDIS_URL, …) and from the settings',
    'file. A flag wins over the environment, the environment over the file, the file over the defaults.',
  ].join('\n');
}
