import { fieldOf, listOf } from '../../../../src/fhir/fieldOf.ts';
import { MEDSEAL_SYSTEMS } from '../../../../src/fhir/medsealSystems.ts';

/** Names in a file of Consents that only the patient can say the meaning of. */
export interface NamesInConsents {
  /** References by which it names a patient, such as `Patient/f001`. */
  readonly patients: readonly string[];
  /** References, or the system and value of identifiers with `|`, by which it names whom a provision is about. */
  readonly actors: readonly string[];
}

/** Most names of each kind that a person is asked about. */
const MOST = 32;

/**
 * Finds the names in a Consent, or in a Bundle of them, that are not addresses or handles of Medseal.
 *
 * @param value - As it was decoded from JSON.
 */
export function namesInConsents(value: unknown): NamesInConsents {
  const consents =
    fieldOf(value, 'resourceType') === 'Bundle'
      ? listOf(fieldOf(value, 'entry')).map((entry) => fieldOf(entry, 'resource'))
      : [value];
  const patients = new Set<string>();
  const actors = new Set<string>();
  const waiting = consents.map((each) => fieldOf(each, 'provision'));
  for (const consent of consents) {
    const reference = fieldOf(fieldOf(consent, 'patient'), 'reference');
    if (typeof reference === 'string') patients.add(reference);
  }
  for (const provision of waiting) {
    for (const actor of listOf(fieldOf(provision, 'actor'))) {
      const named = fieldOf(actor, 'reference');
      const reference = fieldOf(named, 'reference');
      if (typeof reference === 'string') actors.add(reference);
      const [system, code] = ['system', 'value'].map((name) =>
        fieldOf(fieldOf(named, 'identifier'), name),
      );
      if (typeof code === 'string' && system !== MEDSEAL_SYSTEMS.party) {
        actors.add(`${String(system)}|${code}`);
      }
    }
    waiting.push(...listOf(fieldOf(provision, 'provision')));
  }
  return { patients: [...patients].slice(0, MOST), actors: [...actors].slice(0, MOST) };
}
