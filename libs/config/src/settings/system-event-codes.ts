/** What the system can say about itself; docs/operations.md says when each is raised and when it is not. */
export const SYSTEM_EVENT_CODES = [
  'data_gap',
  'dead_letter',
  'symbol_stale',
  'history_breaker_open',
  'correction_refused',
  'channel_breaker_open',
  'stage_unowned',
  'partition_stuck',
  'redis_memory',
] as const;

export type SystemEventCode = (typeof SYSTEM_EVENT_CODES)[number];
