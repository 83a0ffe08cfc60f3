import type { NodeReason } from '../../../src/protocol/operator/nodeReasons.ts';
import type { Words } from '../words/useWords.tsx';

/**
 * Says in the operator's language a reason for which a node takes no requests, or what it does not do yet.
 *
 * @param words - The words of the operator's language.
 * @param reason - The reason, as the node gives it.
 */
export function sayReason(
  { say, moment }: Pick<Words, 'say' | 'moment'>,
  { code, values }: NodeReason,
): string {
  const at = Date.parse(values['moment'] ?? '');
  return say(`operate.reason-${code}`, {
    ...values,
    ...(!Number.isNaN(at) && { moment: moment(at / 1000) }),
  });
}
