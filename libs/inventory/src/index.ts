export { ACCOUNT_FOLDER, type ClusterAccess } from './kubernetes/access';
export { connectCluster, type Cluster, type ClusterTuning } from './kubernetes/cluster';
export { KubernetesFault, type KubernetesFaultKind } from './kubernetes/faults';
export { lookOnce } from './kubernetes/look-once';
export { type DeploymentState, type PodState, type Rollout } from './kubernetes/objects';
export {
  createWorkloadWatch,
  unwatched,
  type KubernetesView,
  type WorkloadWatch,
  type WorkloadWatchOptions,
} from './kubernetes/workload-watch';
export { readStandings, standingsOf, type StageFacts } from './view/standings';
export { hostOf, SERVICES, viewFleet, type Ownership, type Standing } from './view/view-fleet';
