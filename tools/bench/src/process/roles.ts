import { startChild, type Child } from './child';
import type { Scope } from './scope';

/** Starts this very bundle again as another process: `main.cjs --role <words…>`. */
export function startRole(scope: Scope, bundle: string, name: string, words: readonly string[]): Child {
  const child = startChild({ name, script: bundle, args: ['--role', ...words] });
  scope.add(() => child.stop());
  return child;
}
