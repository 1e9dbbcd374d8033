// What we use of monitoring.coreos.com/v1, from its documentation (prometheus-operator.dev/docs/api-reference/api).
import type { LabelSelector, ObjectMeta } from 'kubernetes-types/meta/v1';

export interface ServiceMonitor {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'ServiceMonitor';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly selector: LabelSelector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints: readonly {
      readonly port: string;
      readonly path?: string;
      readonly interval?: string;
      readonly scrapeTimeout?: string;
      readonly honorLabels?: boolean;
    }[];
  };
}

interface Rule {
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

interface AlertRule extends Rule {
  readonly alert: string;
  readonly for?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RecordRule extends Rule {
  readonly record: string;
}

export interface PrometheusRule {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly groups: readonly {
      readonly name: string;
      readonly interval?: string;
      readonly rules: readonly (AlertRule | RecordRule)[];
    }[];
  };
}
