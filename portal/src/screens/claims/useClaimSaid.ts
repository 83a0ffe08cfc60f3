import type { Session } from '../../session/Session.ts';
import { useWords } from '../../words/useWords.tsx';
import type { ClaimGround, ClaimTypedRead, ClaimTyped } from './claimTyped.ts';
import { endOfPermits } from './endOfPermits.ts';
import { useAmount } from './useAmount.ts';
import { useRecordInWords } from './useRecordInWords.ts';

/**
 * Returns all that is signed with a new claim, in words, each a line; empty while something is missing.
 *
 * @param session - Patient or claimant.
 * @param claim - The claim as it is typed, and the name of its patient.
 */
export function useClaimSaid(
  session: Session,
  claim: {
    readonly ground: ClaimGround;
    readonly typed: ClaimTyped;
    readonly read: ClaimTypedRead;
    readonly patient: string;
  },
): readonly string[] {
  const { say, day } = useWords();
  const amountSaid = useAmount();
  const { ground, typed, read, patient } = claim;
  const { handle, isOwn } = ground;
  const inWords = useRecordInWords(session, handle);
  const { who, wanted, total, lower, used, shown, isAhead } = read;
  if (wanted === undefined) return [];
  const { currency } = typed;
  const sums = {
    who: who?.name ?? '',
    patient,
    amount: amountSaid(wanted.amount ?? total, currency),
    total: amountSaid(total, currency),
    until: day(endOfPermits(session.party)),
  };
  return [
    say(isAhead ? 'claims.you-ask-ahead' : 'claims.you-claim', sums),
    ...(lower === undefined
      ? []
      : [say('claims.you-higher', { total: sums.total, lower: amountSaid(lower) })]),
    ...(used ? [say('claims.you-use', { amount: amountSaid(used.facts.approved, currency) })] : []),
    say(isOwn ? 'claims.may-read' : 'claims.is-to-read', sums),
    ...shown.map((each) => `• ${inWords(each)}`),
    `• ${say('claims.bill-and-claim')}`,
    say('claims.ledger'),
  ];
}
