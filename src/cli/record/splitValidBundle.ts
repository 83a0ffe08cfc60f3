import type { Bundle } from '@medplum/fhirtypes';
import { createValidator } from '../../fhir/createValidator.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import type { Validator } from '../../fhir/Validator.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { Category } from '../../protocol/vocabulary.ts';

/**
 * Validates a FHIR R4 bundle and splits it by category.
 *
 * @param value - The bundle, as decoded from JSON.
 * @param set - 16 random bytes that tie its parts together.
 * @returns The parts to seal.
 * @throws MedsealError `FHIR_INVALID`.
 */
export function splitValidBundle(
  value: unknown,
  set: Hex,
): readonly { readonly category: Category; readonly content: Uint8Array }[] {
  return splitBundle(validBundle(value), { set }).map(({ category, content }) => ({
    category,
    content: encodePart(content),
  }));
}

let validator: Validator | undefined;

/**
 * Validates a FHIR R4 bundle. The definitions are loaded once, by the first.
 *
 * @throws MedsealError `FHIR_INVALID`.
 */
export function validBundle(value: unknown): Bundle {
  validator ??= createValidator(loadFhirDefinitions());
  return validator.validateBundle(value);
}
