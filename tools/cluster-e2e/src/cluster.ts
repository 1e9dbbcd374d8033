/** The Deployments of a running system. */
export const SERVICES = ['api', 'ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting'] as const;
export type Service = (typeof SERVICES)[number];

/** What a client that never stops asking has seen so far. */
export interface Seen {
  readonly answered: number;
  readonly failed: number;
  /** Why the last failure. */
  readonly reason: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A place where all services run: a Kubernetes cluster, or processes of this machine in the test of the journey itself. */
export interface Cluster {
  /** Brings everything up and waits until every replica is ready. */
  install(): Promise<void>;
  /** Takes everything away. */
  remove(): Promise<void>;
  /** Sets the number of replicas and waits until they are ready; for none, until the last is gone. */
  scale(service: Service, replicas: number): Promise<void>;
  /** Replaces every replica by a new one, without a gap. */
  roll(service: Service): Promise<void>;
  /** Ends one replica without asking it, and waits until another is ready in its place. */
  kill(service: Service): Promise<void>;
  /** Asks the api as a client inside the cluster does. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  /** What the client that never stops has seen; it asks for /health all the time. */
  seen(): Promise<Seen>;
  /** Address under which Redis can be reached from here, once it is installed. */
  readonly redisUrl: string;
}
