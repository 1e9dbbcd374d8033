import type { StrategyDefinition } from '../definition';
import { decisionLaws } from './decision-laws';
import { createSubject, type Law, type StrategyContractOptions } from './laws';
import { mirrorLaw, scaleLaws } from './scale-laws';
import { stateLaws } from './state-laws';

/**
 * Declares one test per law that every strategy keeps, on seeded markets. Call it at the top of a spec file. A strategy
 * that never fires on these markets fails too: it would keep every law for nothing.
 */
export function testStrategyContract(definition: StrategyDefinition, options: StrategyContractOptions = {}): void {
  const given = options.parameters === undefined ? '' : ` with ${JSON.stringify(options.parameters)}`;
  describe(`${definition.id}${given}`, () => {
    for (const { name, check } of strategyLaws(definition, options)) it(name, check);
  });
}

/** The laws themselves, for whoever wants to run them one by one. */
export function strategyLaws(definition: StrategyDefinition, options: StrategyContractOptions = {}): Law[] {
  const subject = createSubject(definition, options);
  const mirrored = options.symmetric === false ? [] : [mirrorLaw(subject)];
  return [...decisionLaws(subject), ...stateLaws(subject), ...scaleLaws(subject), ...mirrored];
}
