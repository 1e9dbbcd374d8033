const SECRET_NAME =
  /password|passphrase|passwd|(^|[_-])pass$|secret|authorization|api[_-]?key|credential|private[_-]?key|bearer/i;
const URL_WITH_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*:)[^\s@"']+@/gi;
const MAX_DEPTH = 6;

export const MASK = '***';

/** Hides passwords inside URLs. */
export function maskUrls(text: string): string {
  return text.includes('://') ? text.replace(URL_WITH_PASSWORD, `$1${MASK}@`) : text;
}

/**
 * A copy of `value` that is safe to log: values under a secret's name (`password`, `apiKey`, `authorization` …) and passwords in
 * URLs are masked, errors become `{message, code?, stack?}`, cycles and great depth are cut.
 */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskUrls(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (value instanceof Error) return maskError(value, depth);
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, depth + 1));
  if (value instanceof Date) return value.toISOString();
  const entries = Object.entries(value instanceof Map ? Object.fromEntries(value) : value);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, item && SECRET_NAME.test(name) ? MASK : maskSecrets(item, depth + 1)]),
  );
}

function maskError(error: Error, depth: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return {
    message: maskUrls(error.message),
    ...(code !== undefined && { code }),
    ...(error.cause !== undefined && { cause: maskSecrets(error.cause, depth + 1) }),
    ...(error.stack !== undefined && { stack: maskUrls(error.stack) }),
  };
}
