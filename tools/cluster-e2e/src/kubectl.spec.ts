import { createKubectl } from './kubectl';

it('gives what the program says, and what it was told', async () => {
  const node = createKubectl({ program: process.execPath, always: [] });
  expect(await node(['-e', 'process.stdin.pipe(process.stdout)'], 'a manifest')).toBe('a manifest');
});

it('fails with the last lines of what the program complains about, and says nothing of what runs inside', async () => {
  const node = createKubectl({ program: process.execPath, always: [] });
  const many =
    'console.error("one\\n2\\n3\\n4\\nWarning: x\\nE1126 17:21:17.703371   14356 x\\n5\\nsix"); process.exit(3)';
  await expect(node(['-e', many])).rejects.toThrow(/: 2\n3\n4\n5\nsix$/);
  await expect(node(['-e', 'process.exit(3)', '--', 'secret'])).rejects.toThrow(
    /^kubectl -e process\.exit\(3\): exit code 3$/,
  );
  await expect(node(['-e', 'process.exit(3)'])).rejects.toThrow('exit code 3');
  await expect(createKubectl({ program: 'no-such-kubectl', always: [] })(['get'])).rejects.toThrow(
    'no-such-kubectl is not on the PATH',
  );
});
