import { createKubectl } from './kubectl';

it('gives what the program says, and what it was told', async () => {
  const node = createKubectl(process.execPath);
  expect(await node(['-e', 'process.stdin.pipe(process.stdout)'], 'a manifest')).toBe('a manifest');
});

it('fails with the last line of what the program complains about', async () => {
  const node = createKubectl(process.execPath);
  await expect(node(['-e', 'console.error("one\\ntwo"); process.exit(3)'])).rejects.toThrow(/: two$/);
  await expect(node(['-e', 'process.exit(3)'])).rejects.toThrow('exit code 3');
  await expect(createKubectl('no-such-kubectl')(['get'])).rejects.toThrow('no-such-kubectl is not on the PATH');
});
