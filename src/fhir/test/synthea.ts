import type { Bundle } from '@medplum/fhirtypes';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseFhirJson } from '../parseFhirJson.ts';

const folder = new URL('../../../../shared/data/synthea/', import.meta.url);

/** Why tests on the Synthea patients are skipped, or false if the files are there. */
export const syntheaAbsent: string | false =
  !existsSync(folder) && 'the Synthea patients are not at ../shared/data/synthea';

/** The whole synthetic patients beside the project, by the first word of their file's name; none if absent. */
export function syntheaPatients(): [string, Bundle][] {
  if (syntheaAbsent !== false) return [];
  return readdirSync(folder).map((file) => [
    file.split('_')[0] ?? file,
    parseFhirJson(readFileSync(new URL(file, folder))) as Bundle,
  ]);
}
