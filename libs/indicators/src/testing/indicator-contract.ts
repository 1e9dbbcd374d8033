import type { IndicatorDefinition } from '../define-indicator';
import { enduranceLaw } from './endurance-law';
import { createSubject, type IndicatorContractOptions, type Law } from './laws';
import { stateLaws } from './state-laws';
import { valueLaws } from './value-laws';

/** Declares one test per law that every indicator keeps, on seeded and on arbitrary markets. Call it at the top of a spec file. */
export function testIndicatorContract(definition: IndicatorDefinition, options: IndicatorContractOptions = {}): void {
  const given = options.parameters === undefined ? '' : ` with ${JSON.stringify(options.parameters)}`;
  describe(`${definition.id}${given}`, () => {
    for (const { name, check } of indicatorLaws(definition, options)) it(name, check);
  });
}

/** The laws themselves, for whoever wants to run them one by one. */
export function indicatorLaws(definition: IndicatorDefinition, options: IndicatorContractOptions = {}): Law[] {
  const subject = createSubject(definition, options);
  return [...valueLaws(subject), ...stateLaws(subject), enduranceLaw(subject)];
}
