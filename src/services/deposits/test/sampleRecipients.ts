import type { EpochSheet } from '../../../protocol/rights/epochs.ts';
import { CATEGORIES } from '../../../protocol/vocabulary.ts';

/**
 * Returns a text of the form of a recipient for each category.
 *
 * @param length - Characters of each, behind `age1`.
 */
export function sampleRecipients(length = 8): EpochSheet['recipients'] {
  return Object.fromEntries(CATEGORIES.map((name) => [name, `age1${'q'.repeat(length)}`]));
}
