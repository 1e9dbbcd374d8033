import type { Scope } from './process/scope';
import type { Goal } from './report/goals';
import type { Row } from './row';

/** What a suite may use of the bench around it. */
export interface SuiteContext {
  readonly quick: boolean;
  /** Folder for CPU profiles, null without. */
  readonly profile: string | null;
  /** Ends with the suite, or when the bench is interrupted. */
  readonly scope: Scope;
  /** Tells the person at the terminal what goes on. */
  readonly say: (text: string) => void;
  /** Puts free memory to use before something is measured; nothing else should run meanwhile. Does nothing in a quick run. */
  readonly useFreeMemory: () => Promise<void>;
}

/** A group of figures that are measured together. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** What its rows are meant to reach, by name of the row. */
  readonly goals: ReadonlyMap<string, Goal>;
  run(context: SuiteContext): Promise<readonly Row[]>;
}
