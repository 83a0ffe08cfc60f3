import { type Category, CATEGORIES } from '../protocol/vocabulary.ts';
import { CODE_ROWS, type CodeRow, TYPES_OF } from './categoryTable.ts';

/**
 * The category that a FHIR R4 resource is sealed under, by `categoryTable`: first by the codes that it carries,
 * then by its type. What the table does not name is `other`.
 *
 * @param resource - A resource, or anything else, which is `other`.
 */
export function categorise(resource: unknown): Category {
  const type = fieldOf(resource, 'resourceType');
  if (typeof type !== 'string') return 'other';
  const row = CODE_ROWS.find((row) => row.type === type && carries(resource, row));
  return row?.category ?? CATEGORY_OF.get(type) ?? 'other';
}

const CATEGORY_OF = new Map<string, Category>(
  CATEGORIES.flatMap((category) => TYPES_OF[category].map((type) => [type, category] as const)),
);

function carries(resource: unknown, { element, system, codes }: CodeRow): boolean {
  return listOf(fieldOf(resource, element))
    .flatMap((concept) => listOf(fieldOf(concept, 'coding')))
    .some(
      (coding) =>
        codes.includes(String(fieldOf(coding, 'code'))) &&
        (system === undefined || fieldOf(coding, 'system') === system),
    );
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
