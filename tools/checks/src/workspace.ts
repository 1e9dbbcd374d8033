import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of the repository. */
export const root = resolve(__dirname, '../../..');

/** The files that belong to the repository: tracked ones and new ones that git does not ignore. */
export function repositoryFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return list.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
}

/** The text of one file of the repository. */
export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

export interface Project {
  readonly root: string;
  readonly tags: readonly string[];
  readonly targets: Readonly<Record<string, unknown>>;
}

export interface ProjectGraph {
  readonly projects: Readonly<Record<string, Project>>;
  /** Project name → names of the projects that it depends on. */
  readonly edges: Readonly<Record<string, readonly string[]>>;
}

interface RawGraph {
  graph: { nodes: Record<string, { data: Project }>; dependencies: Record<string, { target: string }[]> };
}

/** The project graph as Nx itself computes it. */
export function projectGraph(): ProjectGraph {
  const folder = mkdtempSync(join(tmpdir(), 'wagehood-graph-'));
  const file = join(folder, 'graph.json');
  try {
    execFileSync(process.execPath, ['node_modules/.bin/nx', 'graph', `--file=${file}`], { cwd: root, stdio: 'pipe' });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as RawGraph;
    return {
      projects: Object.fromEntries(Object.entries(graph.nodes).map(([name, node]) => [name, node.data])),
      edges: Object.fromEntries(
        Object.entries(graph.dependencies).map(([name, targets]) => [name, targets.map(({ target }) => target)]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
