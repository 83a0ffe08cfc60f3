import { createValidator } from '../../fhir/createValidator.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';

/**
 * Validates a FHIR R4 bundle and splits it by category.
 *
 * @param value - The bundle, as decoded from JSON.
 * @param set - 16 random bytes that tie its parts together.
 * @returns What is sealed, part by part.
 * @throws MedsealError `FHIR_INVALID`.
 */
export function splitValidBundle(
  value: unknown,
  set: Hex,
): readonly { readonly category: Category; readonly content: Uint8Array }[] {
  const bundle = createValidator(loadFhirDefinitions()).validateBundle(value);
  return splitBundle(bundle, { set }).map(({ category, content }) => ({
    category,
    content: encodePart(content),
  }));
}
