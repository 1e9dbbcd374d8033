import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse } from 'yaml';
import { root } from './kubernetes-tools';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Groups {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const textOf = (file: string): string => readFileSync(join(root, 'deploy', file), 'utf8');
const rules = parse(textOf('prometheus/rules/wagehood.yml')) as Groups;
const alerts = rules.groups.flatMap((group) => group.rules);
const component = 'kustomize/components/monitoring';
const dashboards = ['overview', 'partitions'].map(
  (name) => JSON.parse(textOf(`${component}/dashboards/${name}.json`)) as Dashboard,
);

describe('the alerts', () => {
  it('are the same for the Prometheus operator as for compose', () => {
    const { spec } = parse(textOf(`${component}/prometheus-rule.yaml`)) as { spec: Groups };
    expect(spec).toEqual(rules);
  });

  it('say how bad it is, and in words what it is', () => {
    expect(alerts.length).toBeGreaterThan(10);
    for (const { labels, annotations } of alerts) {
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/^\S.{10,}[^.]$/);
    }
  });

  it('are each played by npm run test:rules, until they fire', () => {
    interface Play {
      readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
    }
    const { tests } = parse(textOf('prometheus/rules.test.yml')) as { tests: readonly Play[] };
    const played = tests.flatMap((test) => test.alert_rule_test);
    const fired = new Set(played.filter((one) => one.exp_alerts.length > 0).map(({ alertname }) => alertname));
    expect([...fired].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('are each explained in the handbook', () => {
    const handbook = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    expect(alerts.filter(({ alert }) => !handbook.includes(`| \`${alert}\``))).toEqual([]);
  });
});

describe('the dashboards', () => {
  it('have a name of their own and ask something in every panel', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    const panels = dashboards.flatMap((dashboard) => dashboard.panels);
    expect(panels.length).toBeGreaterThan(25);
    expect(panels.filter(({ targets }) => targets.length === 0 || targets.some(({ expr }) => expr === ''))).toEqual([]);
  });

  it('go by metrics of ours or of Node.js alone', () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const standard = new Set(registry.getMetricsAsArray().map(({ name }) => name));
    const expressions = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets));
    const names = expressions.flatMap(({ expr }) => [...expr.matchAll(/\b(?:nodejs|process)_\w+/g)].map(String));
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !standard.has(name))).toEqual([]);
  });
});
