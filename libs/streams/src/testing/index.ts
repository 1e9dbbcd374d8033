export { MemoryPartition } from './memory-partition';
export { createRandom, type Random } from './schedules/random';
export { runSchedule, type Outcome } from './schedules/run-schedule';
