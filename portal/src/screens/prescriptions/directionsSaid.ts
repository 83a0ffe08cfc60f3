import { doseOf } from '../../fhir/doseOf.ts';
import { sayFhir, type FhirWords } from '../../fhir/sayFhir.ts';

/**
 * Says the directions of a prescription: a structured dose in the person's language, other words as their author wrote them.
 *
 * @param directions - `dosageInstruction` of its MedicationRequest, not trusted.
 * @param words - The person's words.
 */
export function directionsSaid(directions: readonly unknown[], words: FhirWords): string {
  return directions
    .map((each) => sayFhir(doseOf(each), words))
    .filter((each) => each !== '')
    .join('; ');
}
