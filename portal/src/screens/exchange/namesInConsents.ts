import { fieldOf, listOf } from '../../../../src/fhir/fieldOf.ts';
import { MEDSEAL_SYSTEMS } from '../../../../src/fhir/medsealSystems.ts';

/** Names in a file of Consents that only the patient can say the meaning of. */
export interface NamesInConsents {
  /** References by which it names a patient, such as `Patient/f001`. */
  readonly patients: readonly string[];
  /** References, or the system and value of identifiers with `|`, by which it names whom a provision is about. */
  readonly actors: readonly string[];
  /** True if it permits something to everybody. */
  readonly isForEverybody: boolean;
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
  const waiting = consents.map((each) => ({
    provision: fieldOf(each, 'provision'),
    isForSome: false,
  }));
  let isForEverybody = false;
  for (const consent of consents) {
    const reference = fieldOf(fieldOf(consent, 'patient'), 'reference');
    if (typeof reference === 'string') patients.add(reference);
  }
  for (const { provision, isForSome } of waiting) {
    const named = listOf(fieldOf(provision, 'actor'));
    const isNarrowed = isForSome || named.length > 0;
    isForEverybody ||= fieldOf(provision, 'type') === 'permit' && !isNarrowed;
    for (const actor of named) {
      const who = fieldOf(actor, 'reference');
      const reference = fieldOf(who, 'reference');
      if (typeof reference === 'string') actors.add(reference);
      const [system, code] = ['system', 'value'].map((name) =>
        fieldOf(fieldOf(who, 'identifier'), name),
      );
      if (typeof code === 'string' && system !== MEDSEAL_SYSTEMS.party) {
        actors.add(`${String(system)}|${code}`);
      }
    }
    const inner = listOf(fieldOf(provision, 'provision'));
    waiting.push(...inner.map((each) => ({ provision: each, isForSome: isNarrowed })));
  }
  const [some, others] = [patients, actors].map((names) => [...names].slice(0, MOST));
  return { patients: some ?? [], actors: others ?? [], isForEverybody };
}
