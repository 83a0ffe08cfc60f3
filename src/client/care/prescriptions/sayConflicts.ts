import { visibleText } from '../../../errors/visibleText.ts';
import type { OrderConflict } from '../../../fhir/orders/conflictsOf.ts';

const WORDS = { allergy: 'allergy', medicine: 'the patient takes', notice: 'check' } as const;
const LONGEST = 120;

/**
 * Says the conflicts of an order, each in a line such as `allergy: Penicillin (penicillins)`.
 *
 * @param conflicts - Conflicts; the words of others in them are made visible.
 * @example
 * ```ts
 * const by = 'penicillins';
 * const conflict = { kind: 'allergy', what: 'Penicillin', by, indicator: 'critical' } as const;
 * console.log(sayConflicts([conflict]).join('; '));
 * ```
 */
export function sayConflicts(conflicts: readonly OrderConflict[]): readonly string[] {
  return conflicts.map(({ kind, what, by }) => {
    const shared = by === '' ? '' : ` (${visibleText(by, LONGEST)})`;
    return `${WORDS[kind]}: ${visibleText(what, LONGEST)}${shared}`;
  });
}
