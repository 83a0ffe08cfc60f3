import { createValidator } from '../../../src/fhir/createValidator.ts';
import {
  expandDefinitions,
  type CompactDefinitions,
} from '../../../src/fhir/definitions/expandDefinitions.ts';
import definitions from '../../../src/fhir/definitions/r4.json' with { type: 'json' };
import type { Validator } from '../../../src/fhir/Validator.ts';

let made: Validator | undefined;

/** Returns the validator of FHIR R4 bundles. It is large: only a page that adds a bundle loads it. */
export function fhirValidator(): Validator {
  made ??= createValidator([expandDefinitions(definitions as unknown as CompactDefinitions)]);
  return made;
}
