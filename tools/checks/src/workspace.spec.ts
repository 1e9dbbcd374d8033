import { ProjectGraph, projectGraph, repositoryFiles, root, textOf } from './workspace';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const TYPES = ['core', 'extension', 'contract', 'platform', 'testing', 'fleet', 'app', 'tool', 'e2e'];

describe('workspace', () => {
  let graph: ProjectGraph;

  beforeAll(() => {
    graph = projectGraph();
  }, 120_000);

  it('has a graph with edges: without them the cache and "affected" are silently wrong', () => {
    expect(graph.edges['indicators']).toContain('market');
    expect(graph.edges['calculation-worker']).toEqual(expect.arrayContaining(['streams', 'indicators', 'service']));
    expect(graph.edges['api']).toContain('contracts');
  });

  it('has every project in the graph', () => {
    const folders = repositoryFiles()
      .filter((file) => file.endsWith('/project.json'))
      .map((file) => file.replace('/project.json', ''));
    expect(
      Object.values(graph.projects)
        .map((project) => project.root)
        .sort(),
    ).toEqual(folders.sort());
  });

  it('tags every project with one known type and its own scope', () => {
    for (const [name, { tags }] of Object.entries(graph.projects)) {
      const types = tags.filter((tag) => tag.startsWith('type:')).map((tag) => tag.slice('type:'.length));
      expect({ name, types, known: types.filter((type) => TYPES.includes(type)) }).toEqual({
        name,
        types,
        known: types,
      });
      expect({ name, count: types.length }).toEqual({ name, count: 1 });
      expect(tags).toContain(`scope:${name}`);
    }
  });

  it('gives every project lint, typecheck and tests, and every app a bundle', () => {
    for (const [name, { targets, tags }] of Object.entries(graph.projects)) {
      expect({ name, targets: Object.keys(targets) }).toEqual({
        name,
        targets: expect.arrayContaining(['lint', 'typecheck', tags.includes('type:e2e') ? 'e2e' : 'test']),
      });
      if (tags.includes('type:app'))
        expect({ name, targets: Object.keys(targets) }).toMatchObject({ targets: expect.arrayContaining(['build']) });
    }
  });

  it('has an int target wherever there is an int spec, so that none is forgotten', () => {
    const files = repositoryFiles().filter((file) => file.endsWith('.int.spec.ts'));
    const forgotten = files.filter(
      (file) =>
        !Object.values(graph.projects).some(
          (project) => file.startsWith(`${project.root}/`) && 'int' in project.targets,
        ),
    );
    expect(forgotten).toEqual([]);
  });

  it('has a wall in every project', () => {
    for (const { root: folder } of Object.values(graph.projects)) {
      expect(textOf(`${folder}/eslint.config.mjs`)).toMatch(/\.\.\.\w+Wall\b/);
    }
  });

  it('resolves every path alias', () => {
    const { compilerOptions } = JSON.parse(textOf('tsconfig.base.json')) as {
      compilerOptions: { paths: Record<string, string[]> };
    };
    const missing = Object.values(compilerOptions.paths)
      .flat()
      .filter((file) => !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });
});
