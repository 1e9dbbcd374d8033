// What we use of keda.sh/v1alpha1, from its documentation (keda.sh/docs/latest/reference/scaledobject-spec).
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { HorizontalPodAutoscalerBehavior } from 'kubernetes-types/autoscaling/v2';

interface PrometheusTrigger {
  readonly type: 'prometheus';
  readonly metadata: {
    readonly serverAddress: string;
    readonly query: string;
    readonly threshold: string;
    readonly activationThreshold?: string;
  };
}

interface MetricsApiTrigger {
  readonly type: 'metrics-api';
  readonly metadata: {
    readonly url: string;
    readonly format: 'json' | 'prometheus' | 'xml' | 'yaml';
    readonly valueLocation: string;
    readonly targetValue: string;
  };
}

interface UtilizationTrigger {
  readonly type: 'cpu' | 'memory';
  readonly metricType: 'Utilization' | 'AverageValue';
  readonly metadata: { readonly value: string; readonly containerName?: string };
}

export interface ScaledObject {
  readonly apiVersion: 'keda.sh/v1alpha1';
  readonly kind: 'ScaledObject';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string; readonly kind?: string; readonly apiVersion?: string };
    readonly pollingInterval?: number;
    readonly cooldownPeriod?: number;
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly triggers: readonly (PrometheusTrigger | MetricsApiTrigger | UtilizationTrigger)[];
    readonly advanced?: {
      readonly horizontalPodAutoscalerConfig?: { readonly behavior?: HorizontalPodAutoscalerBehavior };
    };
  };
}
