import { alsoTold } from '../protocol/evidence/alsoTold.ts';
import { type Category, CATEGORIES } from '../protocol/vocabulary.ts';
import { CODE_ROWS, type CodeRow, PARTICIPANTS, TYPES_OF, WRAPPERS } from './categoryTable.ts';
import { fieldOf, listOf } from './fieldOf.ts';
import { isSensitive } from './securityLabels.ts';

/**
 * The category that a FHIR R4 resource is sealed under. One that is labelled, or contains one that is, is `sensitive`.
 * Any other goes by `categoryTable`: first by the codes that it carries, then by its type. A resource that the table
 * does not name is `other`. If it contains resources of categories that its own does not tell of (`alsoTold`), it is
 * one of `reports`.
 *
 * @param resource - A resource, or anything else, which is `other`.
 */
export function categorise(resource: unknown): Category {
  if (isSensitive(resource)) return 'sensitive';
  const own = categoryOf(resource);
  const inner = resourcesWithin(resource).map((each) => {
    return { category: categorise(each), isParticipant: PARTICIPANTS.has(typeOf(each)) };
  });
  if (inner.some(({ category }) => category === 'sensitive')) return 'sensitive';
  const facts = new Set(
    inner.filter(({ isParticipant }) => !isParticipant).map(({ category }) => category),
  );
  if (WRAPPERS.has(typeOf(resource)) && facts.size > 0) {
    const [category = own, ...others] = facts;
    return others.length === 0 ? category : 'reports';
  }
  const told: readonly Category[] = [own, ...alsoTold(own)];
  return [...facts].every((category) => told.includes(category)) ? own : 'reports';
}

function categoryOf(resource: unknown): Category {
  const type = typeOf(resource);
  const row = CODE_ROWS.find((each) => each.type === type && fits(resource, each));
  return row?.category ?? CATEGORY_OF.get(type) ?? 'other';
}

const CATEGORY_OF = new Map<string, Category>(
  CATEGORIES.flatMap((category) => TYPES_OF[category].map((type) => [type, category] as const)),
);

function typeOf(resource: unknown): string {
  const type = fieldOf(resource, 'resourceType');
  return typeof type === 'string' ? type : '';
}

/** The resources that lie in a value, wherever: contained, in entries or their outcomes, in parameters or their parts. */
function resourcesWithin(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) =>
    typeOf(each) === '' ? resourcesWithin(each) : [each],
  );
}

function fits(resource: unknown, { element, system, codes }: CodeRow): boolean {
  const values = listOf(fieldOf(resource, element));
  if (codes === undefined) return values.length > 0;
  return values
    .flatMap((concept) => listOf(fieldOf(concept, 'coding')))
    .some(
      (coding) =>
        codes.includes(String(fieldOf(coding, 'code'))) &&
        (system === undefined || fieldOf(coding, 'system') === system),
    );
}
