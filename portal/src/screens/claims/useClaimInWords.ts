import type { ClaimResponse } from '@medplum/fhirtypes';
import type { ClaimListed } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { ClaimJudgement, DisputeClaim } from '../../../../src/protocol/care/claims.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { isPendingClaim } from '../../../../src/protocol/care/isPendingClaim.ts';
import type { NameOf } from '../../session/useNames.ts';
import type { Session } from '../../session/Session.ts';
import { useWords } from '../../words/useWords.tsx';
import { useAmount } from './useAmount.ts';

/** Tells what became of a claim, in sentences. */
export type ClaimInWords = (listed: ClaimListed) => readonly string[];

/**
 * Puts a claim into words: its state, what is held or paid, its term, and the reason of the last decision that the insurer told.
 *
 * @param session - The person.
 * @param nameOf - Names of the parties.
 */
export function useClaimInWords({ party }: Session, nameOf: NameOf): ClaimInWords {
  const { say, sayIfKnown, moment, day } = useWords();
  const amount = useAmount();
  return ({ message, facts, told }) => {
    const { state, due } = facts;
    const response = lastResponse({ message, told });
    const isOver = seconds(party.clock) > due;
    const at = Math.floor(Date.parse(response?.created ?? '') / 1000);
    const values = {
      insurer: nameOf(message.insurer),
      own: message.insurer === party.address ? 'yes' : 'no',
      mine: message.terms.claimant === party.address ? 'yes' : 'no',
      claimant: nameOf(message.terms.claimant),
      safe: facts.safe === true ? 'yes' : 'no',
      paid: amount(facts.approved),
      amount: amount(facts.amount),
      until: moment(due),
      dated: Number.isNaN(at) ? 'no' : 'yes',
      day: Number.isNaN(at) ? '' : day(at),
    };
    const isAhead = message.treatment === ZERO32;
    const isWaiting = isPendingClaim(facts);
    const isHeld = facts.approved > 0 && !isAhead && isWaiting;
    const isDecided = (state === 'approved' && !isAhead) || state === 'denied';
    const canDispute = isDecided && facts.round === 0;
    const reason = response?.disposition;
    const note = response?.processNote?.[0]?.text;
    return [
      ...(isAhead && state !== 'approved' ? [say('claims.ahead')] : []),
      say(
        isWaiting && isOver
          ? 'claims.is-over'
          : state === 'approved' && isAhead
            ? 'claims.is-authorised'
            : `claims.is-${state}`,
        values,
      ),
      ...(isHeld ? [say('claims.is-held', values)] : []),
      ...(reason === undefined
        ? []
        : [
            say('claims.reason', {
              reason: sayIfKnown(`claims.reason-${reason}`) ?? visibleText(reason),
            }),
          ]),
      ...(note === undefined ? [] : [say('claims.note', { note: visibleText(note) })]),
      ...told.flatMap(({ request, from }) => {
        const who = nameOf(from);
        if (request.type === 'DisputeClaim') {
          const { reason: why } = (request.message as DisputeClaim).terms;
          return [say('claims.disputes', { who, reason: visibleText(why) })];
        }
        if (request.type !== 'ClaimJudgement') return [];
        const { safe, terms } = request.message as ClaimJudgement;
        const found = { who, reason: visibleText(terms.reason), block: terms.block };
        return [say(safe ? 'claims.says-safe' : 'claims.says-not-safe', found)];
      }),
      ...(canDispute && !isOver ? [say('claims.can-dispute', values)] : []),
    ];
  };
}

/** The insurer's newest answer that this device was told of. */
function lastResponse({
  message,
  told,
}: Pick<ClaimListed, 'message' | 'told'>): ClaimResponse | undefined {
  return told.findLast(({ request, from }) => {
    return request.type === 'ClaimDecision' && from === message.insurer;
  })?.resource as ClaimResponse | undefined;
}
