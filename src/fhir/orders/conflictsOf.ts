import type { MedicationRequest } from '@medplum/fhirtypes';
import { countsNow } from '../clinicalState.ts';
import { fieldOf, listOf } from '../fieldOf.ts';
import { resolverOf, type Entry, type Resolve } from '../Resolve.ts';
import { sharedSubstance, substancesOf } from './substancesOf.ts';

/** Something that speaks against an order. */
export interface OrderConflict {
  /** An allergy, a medicine that the patient takes already, or what another check says. */
  readonly kind: 'allergy' | 'medicine' | 'notice';
  /** The allergy or the medicine in its author's words, or the check's sentence; not trusted. */
  readonly what: string;
  /** The thing that both have in common: a word, a code or a group of substances; of a check its name. */
  readonly by: string;
  /** Its weight; the order is not signed without a reason, but for `info`. */
  readonly indicator: 'info' | 'warning' | 'critical';
}

/** Most ingredients of a medicine, and reactions of an allergy, that are looked at: others wrote them. */
const MOST = 50;

/**
 * Compares an order with the allergies and medicines of a chart: by code, by the words of the names, and by a few groups of
 * substances. This is not a database of interactions: it knows nothing of two medicines that harm only together.
 *
 * @param order - The order.
 * @param entries - Allergies and medicines of the chart, in any order; the ended ones, and anything else, are passed over.
 */
export function conflictsOf(
  order: MedicationRequest,
  entries: readonly Entry[],
): readonly OrderConflict[] {
  const ordered = substancesOf([order.medicationCodeableConcept]);
  const resolve = resolverOf(entries);
  const found: OrderConflict[] = [];
  for (const { resource } of entries.filter((entry) => countsNow(entry.resource))) {
    const isAllergy = fieldOf(resource, 'resourceType') === 'AllergyIntolerance';
    const other = substancesOf(
      isAllergy ? allergensOf(resource) : ingredientsOf(resource, resolve),
    );
    const by = sharedSubstance(ordered, other);
    if (by === undefined) continue;
    found.push({
      kind: isAllergy ? 'allergy' : 'medicine',
      what: other.name,
      by,
      indicator: isAllergy ? 'critical' : 'warning',
    });
  }
  const once = new Map(found.map((each) => [`${each.kind} ${each.what}`, each]));
  return [...once.values()].toSorted((left, right) => placeOf(left) - placeOf(right));
}

function placeOf({ kind }: OrderConflict): number {
  return kind === 'allergy' ? 0 : 1;
}

function allergensOf(resource: unknown): readonly unknown[] {
  const reactions = listOf(fieldOf(resource, 'reaction')).slice(0, MOST);
  return [
    fieldOf(resource, 'code'),
    ...reactions.map((reaction) => fieldOf(reaction, 'substance')),
  ].filter((concept) => concept !== undefined);
}

function ingredientsOf(resource: unknown, resolve: Resolve): readonly unknown[] {
  const reference = fieldOf(fieldOf(resource, 'medicationReference'), 'reference');
  const medicine = typeof reference === 'string' ? resolve(resource, reference) : undefined;
  const ingredients = listOf(fieldOf(medicine, 'ingredient')).slice(0, MOST);
  return [
    fieldOf(resource, 'medicationCodeableConcept'),
    fieldOf(medicine, 'code'),
    ...ingredients.map((ingredient) => fieldOf(ingredient, 'itemCodeableConcept')),
  ].filter((concept) => concept !== undefined);
}
