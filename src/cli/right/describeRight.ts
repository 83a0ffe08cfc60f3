import { alsoTold, TOLD_IN_TRIAL } from '../../protocol/evidence/alsoTold.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Terms } from '../../protocol/struct/requests.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import { ACTIONS, ORDINARY_CATEGORIES } from '../../protocol/vocabulary.ts';
import { describeMoment, describePurpose, short } from '../describeBody.ts';

/**
 * Describes in plain words what a right gives.
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

/** Such as `laboratory, vitals`, one record, or the readings of one device. */
export function describeScope(terms: Terms): string {
  const { record, categories } = terms;
  if (isDeviceRight(terms)) return `readings of device ${short(record)} (${categories.join(', ')})`;
  if (record !== ZERO32) return `record ${short(record)} (${categories.join(', ')})`;
  if (!ORDINARY_CATEGORIES.every((each) => categories.includes(each))) return categories.join(', ');
  return categories.includes('sensitive') ? 'all categories' : 'all categories but sensitive';
}

/**
 * Describes in plain words what a right to whole categories reveals beyond their names: what they tell of categories
 * that it does not give.
 *
 * @param terms - Its terms.
 * @returns Lines to show before it is signed; empty for a right to one record, or one that gives all that it tells.
 */
export function describeTold({
  record,
  categories,
}: Pick<Terms, 'record' | 'categories'>): readonly string[] {
  if (record !== ZERO32) return [];
  const lines = categories.flatMap((category) => {
    const told = alsoTold(category).filter((each) => !categories.includes(each));
    if (told.length === 0) return [];
    if (alsoTold(category).length >= ORDINARY_CATEGORIES.length - 1) {
      return [`  ${category} may tell anything`];
    }
    const figures = TOLD_IN_TRIAL[category] ?? {};
    const names = told.map((each) => (figures[each] ? `${each} (${figures[each]})` : each));
    return [`  ${category} may tell of: ${names.join(', ')}`];
  });
  if (lines.length === 0) return [];
  const measured =
    '  in brackets: the share that they told in the charts of seven synthetic patients';
  const isMeasured = lines.some((line) => line.includes('('));
  return [
    '',
    'These categories tell more than their names say:',
    ...lines,
    ...(isMeasured ? [measured] : []),
  ];
}
