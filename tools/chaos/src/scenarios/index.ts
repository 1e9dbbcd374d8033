import type { Scenario } from '../scenario';
import { alertOnce } from './alert-once';
import { clockSkew } from './clock-skew';
import { configMidStream } from './config-mid-stream';
import { determinism } from './determinism';
import { cluster, failoverLossy } from './failover';
import { ingestDisorder } from './ingest-disorder';
import { corrections, kill9, manyPartitions } from './kill9';
import { backPressure, oomNoeviction, poisonThrow, trimAhead } from './limits';
import { mixed } from './mixed';
import { mutantsCaught } from './mutants';
import { naiveControl } from './naive-control';
import { blackHole, connCut, replyDrop } from './network';
import { poisonOom } from './poison-oom';
import { powerloss } from './powerloss';
import { redisKill } from './redis-kill';
import { rolling } from './rolling';
import { scale } from './scale';
import { schedules } from './schedules';
import { soak } from './soak';
import { zombie } from './zombie';

/** All scenarios, in the order of the long run. */
export const scenarios: readonly Scenario[] = [
  ...[schedules, mutantsCaught, naiveControl],
  ...[kill9, manyPartitions, corrections, rolling, scale, zombie, clockSkew, alertOnce, configMidStream, determinism],
  ...[ingestDisorder, poisonThrow, poisonOom, backPressure, oomNoeviction, trimAhead],
  ...[redisKill, powerloss, connCut, blackHole, replyDrop, failoverLossy, cluster],
  ...[mixed, soak],
];
