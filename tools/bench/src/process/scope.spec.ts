import { createScope } from './scope';

describe('createScope', () => {
  it('ends what was added, last first, each once', async () => {
    const ended: string[] = [];
    const scope = createScope();
    scope.add(() => void ended.push('a'));
    const endB = scope.add(() => void ended.push('b'));
    scope.add(() => void ended.push('c'));
    await endB();
    await scope.end();
    await scope.end();
    await endB();
    expect(ended).toEqual(['b', 'c', 'a']);
  });

  it('goes on when one of them fails', async () => {
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const ended: string[] = [];
    const scope = createScope();
    scope.add(() => void ended.push('a'));
    scope.add(() => Promise.reject(new Error('stuck')));
    await scope.end();
    expect(ended).toEqual(['a']);
    expect(written).toHaveBeenCalledWith(expect.stringContaining('stuck'));
    written.mockRestore();
  });
});
