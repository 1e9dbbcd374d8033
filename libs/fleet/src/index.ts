export {
  startService,
  type Exit,
  type LogLine,
  type ServiceName,
  type ServiceProcess,
} from './process/service-process';
export { workspaceRoot } from './process/workspace-root';
export { appendRaw, type Place, type RawEntry } from './system/append-raw';
export { reconfigurations, spelledOut } from './system/reconfigurations';
export { cutPower, sync } from './system/power-loss';
export { atRest, committed, ended, inMidStream, moreCommitted } from './system/rest';
export {
  evenSymbols,
  openSettings,
  PARTITIONS,
  startSystem,
  withPartitions,
  type Servers,
  type System,
  type SystemOptions,
} from './system/system';
export {
  barsOf,
  eventsOf,
  readForeignStream,
  readPartitions,
  signalsOf,
  type PartitionLog,
} from './verify/read-streams';
export { verifyHistory } from './verify/verify-history';
export { storedRows } from './verify/verify-stored';
export { verify, Witness, type Verified } from './verify/witness';
export type { WitnessOptions } from './verify/partition-witness';
