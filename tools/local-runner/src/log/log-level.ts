const ORDER = ['ERROR', 'WARN', 'INFO', 'DEBUG'];

/** Whether a line of this level belongs into a log of that level; a line without a level (a crash) always does. */
export function isAtLeast(level: unknown, wanted: string): boolean {
  const rank = ORDER.indexOf(String(level).toUpperCase());
  return rank <= ORDER.indexOf(wanted.toUpperCase());
}
