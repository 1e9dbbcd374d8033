/** Folders of apps/ that become images, and the names of their Deployments. */
export const SERVICES = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'] as const;
export type Service = (typeof SERVICES)[number];
