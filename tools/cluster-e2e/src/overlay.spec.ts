import { join } from 'node:path';
import { kustomizationFor } from './overlay';

const asItIs = {
  overlay: '/x/deploy/kustomize/overlays/dev',
  namespace: 'elsewhere',
  registry: null,
  tag: null,
  redisImage: null,
};
const read = (changes: object): unknown =>
  JSON.parse(kustomizationFor({ ...asItIs, ...changes }, '/x/dist/e2e-overlay'));

it('moves the overlay into a namespace', () => {
  expect(read({})).toMatchObject({
    namespace: 'elsewhere',
    resources: [join('..', '..', 'deploy/kustomize/overlays/dev')],
    images: expect.arrayContaining([{ name: 'wagehood/api' }]),
  });
});

it('names other images, and nothing else', () => {
  expect(read({ registry: 'localhost:5000/', tag: '1.2.3', redisImage: 'localhost:5000/redis:7.4' })).toMatchObject({
    images: expect.arrayContaining([
      { name: 'wagehood/api', newName: 'localhost:5000/wagehood/api', newTag: '1.2.3' },
      { name: 'redis', newName: 'localhost:5000/redis', newTag: '7.4' },
    ]),
  });
  expect(read({ redisImage: 'localhost:5000/redis' })).toMatchObject({
    images: expect.arrayContaining([{ name: 'redis', newName: 'localhost:5000/redis' }]),
  });
});
