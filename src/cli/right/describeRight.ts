import { ZERO32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/requests.ts';
import { ACTIONS, CATEGORIES } from '../../protocol/vocabulary.ts';
import { describeMoment, describePurpose, short } from '../describeBody.ts';

/**
 * What a right gives, in plain words.
 *
 * @param terms - Its terms.
 */
export function describeRight(terms: Terms): string {
  const { purpose, until } = terms;
  const what = `${describeActions(terms)} ${describeScope(terms)}`;
  return `${what}, for ${describePurpose(purpose)}, until ${describeMoment(until)}`;
}

/** Such as `read, add`. */
export function describeActions(terms: Terms): string {
  return ACTIONS.filter((action) => terms[action]).join(', ');
}

/** Such as `laboratory, vitals`, or one record. */
export function describeScope({ record, categories }: Terms): string {
  if (record !== ZERO32) return `record ${short(record)} (${categories.join(', ')})`;
  return categories.length === CATEGORIES.length ? 'all categories' : categories.join(', ');
}
