import { z } from 'zod';

/** A pod as Kubernetes tells of it. */
const fleetPod = z.object({
  /** `Running`, or what keeps it from running: `CrashLoopBackOff`, `Terminating`, `Pending`. */
  phase: z.string(),
  ready: z.boolean(),
  restarts: z.int().nonnegative(),
  node: z.string().nullable(),
});

/** A process that takes part in the work, a pod that has none (yet), or both. */
const fleetProcess = z.object({
  /** Its name among the members of its stage; null: a pod whose process has not joined. */
  id: z.string().nullable(),
  /** The pod, or outside Kubernetes the machine. */
  host: z.string().nullable(),
  /** Partitions that it owns; none: it stands by. */
  partitions: z.array(z.int().nonnegative()),
  /** Bars that wait in these; null where nothing is counted. */
  lagBars: z.number().nonnegative().nullable(),
  /** Null outside Kubernetes. */
  pod: fleetPod.nullable(),
});

const fleetDeployment = z.object({
  wanted: z.int().nonnegative(),
  ready: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  available: z.int().nonnegative(),
  rollout: z.enum(['complete', 'progressing', 'stalled']),
  detail: z.string(),
});

export const fleetService = z.object({
  name: z.string(),
  /** Partitions that some process owns. */
  owned: z.int().nonnegative(),
  lagBars: z.number().nonnegative().nullable(),
  /** Restarts of the pods that are there; null outside Kubernetes. */
  restarts: z.int().nonnegative().nullable(),
  deployment: fleetDeployment.nullable(),
  processes: z.array(fleetProcess),
});

/** Who does the work, and where: the members of the stages, joined with what Kubernetes tells. */
export const fleetView = z.object({
  kubernetes: z.object({
    /** `off`: not asked · `connecting` · `current` · `stale`: as it was at `staleSince` · `unavailable`. */
    state: z.enum(['off', 'connecting', 'current', 'stale', 'unavailable']),
    /** Why it is not current. */
    detail: z.string(),
    namespace: z.string().nullable(),
    staleSince: z.string().nullable(),
  }),
  services: z.array(fleetService),
});

export type FleetProcess = z.output<typeof fleetProcess>;
export type FleetService = z.output<typeof fleetService>;
export type FleetView = z.output<typeof fleetView>;
