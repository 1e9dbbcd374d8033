import { join } from 'node:path';
import { kustomizationFor, overlayFrom } from './overlay';

it('renames every image and nothing else', () => {
  const text = kustomizationFor('/x/deploy/kustomize/overlays/dev', 'localhost:5000/', '/x/dist/e2e-overlay');
  expect(JSON.parse(text)).toMatchObject({
    resources: [join('..', '..', 'deploy/kustomize/overlays/dev')],
    images: expect.arrayContaining([{ name: 'wagehood/api', newName: 'localhost:5000/wagehood/api' }]),
  });
});

it('leaves the overlay alone when no registry is named', () => {
  expect(overlayFrom('deploy/kustomize/overlays/dev', null, '/x')).toBe('deploy/kustomize/overlays/dev');
});
