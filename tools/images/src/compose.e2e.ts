import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@wagehood/testing';
import { parse } from 'yaml';
import { SERVICES } from './services';
import { buildForTest, root } from './testing/build-for-test';
import { startCompose, type Composed, type ComposeOptions } from './testing/start-compose';
import { testSystem } from './testing/test-system';

const folder = join(root, 'deploy');
const { services } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as Pick<ComposeOptions, 'services'>; // prettier-ignore
/** Prometheus and Grafana are other people's images, which may not be had here; what they ask for is asked for all the same. */
const OURS = ['redis', ...SERVICES];

describe('the images, wired as compose.yaml wires them', () => {
  let composed: Composed;
  beforeAll(async () => {
    buildForTest(SERVICES, 'test', true);
    const wanted = Object.fromEntries(Object.entries(services).filter(([name]) => OURS.includes(name)));
    composed = await startCompose({ folder, services: wanted, freePort, variables: { WAGEHOOD_TAG: 'test' } });
  }, 600_000);

  it('are healthy by their own check', () => {
    for (const name of SERVICES) composed.container(name).checkHealth();
  }, 60_000);

  it('are all that is left out but Prometheus and Grafana', () => {
    expect(Object.keys(services).filter((name) => !OURS.includes(name))).toEqual(['prometheus', 'grafana']);
  });

  testSystem(() => composed);
});
