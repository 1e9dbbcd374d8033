import type { Scenario } from '../scenario';
import { kill9 } from './kill9';
import { naiveControl } from './naive-control';
import { powerloss } from './powerloss';
import { redisKill } from './redis-kill';
import { rolling } from './rolling';
import { scale } from './scale';
import { schedules } from './schedules';
import { zombie } from './zombie';

/** All scenarios, in the order of the long run. */
export const scenarios: readonly Scenario[] = [
  schedules,
  naiveControl,
  kill9,
  rolling,
  scale,
  zombie,
  redisKill,
  powerloss,
];
