import { readFileSync } from 'node:fs';
import type { Bundle } from '@medplum/fhirtypes';
import {
  expandDefinitions,
  type CompactDefinitions,
} from '../fhir/definitions/expandDefinitions.ts';

/** Reads the definitions of FHIR R4 that `createValidator` takes, without the texts for people that they have. */
export function loadFhirDefinitions(): Bundle[] {
  const file = new URL('../fhir/definitions/r4.json', import.meta.url);
  return [expandDefinitions(JSON.parse(readFileSync(file, 'utf8')) as CompactDefinitions)];
}
