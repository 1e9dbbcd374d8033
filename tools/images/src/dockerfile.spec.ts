import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '@wagehood/config';

const dockerfile = readFileSync(resolve(__dirname, '../../../deploy/docker/Dockerfile'), 'utf8');

it('starts services as the local runner and the bench do', () => {
  const [, words = ''] = /^ENTRYPOINT (\[[^\]]*\])$/m.exec(dockerfile.replaceAll('\\\n', '')) ?? [];
  expect(JSON.parse(words)).toEqual(['node', ...NODE_FLAGS, 'main.cjs']);
});

it.each(Object.entries(NODE_ENVIRONMENT))('sets %s', (name, value) => {
  expect(dockerfile.split('\n')).toContain(`ENV ${name}=${value}`);
});
