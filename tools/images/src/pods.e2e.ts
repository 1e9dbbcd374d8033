import { SERVICES } from './services';
import { buildForTest } from './testing/build-for-test';
import { startPods } from './testing/start-pods';
import { testSystem } from './testing/test-system';

// `npm run test:pods`: the dev overlay as `podman kube play` runs it, which shows what a rendering cannot: images, users, mounts,
// variables, capabilities and memory of every container, and that they find each other by name. Controllers, Services, probes,
// preStop, policies and what two nodes do are shown by `npm run e2e:k8s` on a cluster.
describe('the pods of the dev overlay', () => {
  beforeAll(() => void buildForTest(SERVICES, 'test', true), 600_000);

  testSystem(() => startPods('deploy/kustomize/overlays/dev', 'test'));
});
