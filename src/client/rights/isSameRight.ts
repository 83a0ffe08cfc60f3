import { ZERO32, type Address, type RecordId } from '../../protocol/ids.ts';
import { ACTIONS, type Action, type Category, type Purpose } from '../../protocol/vocabulary.ts';
import type { KnownGrant } from '../state/PatientState.ts';

/** A right as somebody asks for it. */
interface RightMeant {
  readonly grantee: Address;
  readonly categories: readonly Category[];
  readonly record?: RecordId;
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  readonly until: number;
}

/** Seconds: two rights whose ends are this close are the same right, given twice. */
const SAME_END = 60;

/**
 * Tells whether a right that was signed gives the same as one to give, until the same time.
 *
 * @param known - Right that was signed.
 * @param right - Right to give.
 */
export function isSameRight({ grant: { terms } }: KnownGrant, right: RightMeant): boolean {
  return (
    terms.grantee === right.grantee &&
    terms.purpose === right.purpose &&
    terms.record === (right.record ?? ZERO32) &&
    ACTIONS.every((action) => terms[action] === right.actions.includes(action)) &&
    terms.categories.toSorted().join() === right.categories.toSorted().join() &&
    Math.abs(terms.until - right.until) <= SAME_END
  );
}
