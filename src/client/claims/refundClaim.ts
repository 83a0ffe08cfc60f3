import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ClaimFacts, ClaimRefund } from '../../protocol/claims.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Outcome } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { isFinalRefusal } from '../agent/isFinalRefusal.ts';
import type { Party } from '../party/Party.ts';
import { paidAccountOf, signForClaim, type HeldAccount } from './claimAccount.ts';
import { requireKnownClaim } from './readClaims.ts';
import { takeClaimStep, type ClaimStepDone } from './takeClaimStep.ts';

/** Choices for a refund. */
export interface RefundChoice {
  /** True to give the same amount back once more, though it was given back before. */
  readonly again?: boolean;
  /** The key that was paid, if it is of no party; the party's account of this claim if absent. */
  readonly payee?: HeldAccount;
}

/**
 * Gives back what a claim paid to the party, or a part of it. The same amount of the same claim goes back once,
 * however often it is asked for and on whichever device: the ledger is asked which refunds it has. `again` gives it back
 * once more.
 *
 * @param party - The payee, or whoever has the key that was paid.
 * @param digest - The claim.
 * @param amount - Units, at most those that it was paid.
 * @param choice - A further refund of the same amount; another key.
 * @throws MedsealError `NOT_FOUND`; `RIGHT_MISSING` for whoever was not paid; `RULE_REFUSED` with the contract's reason, such
 * as `AmountExceeded`, `StateUnfit`; `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { facts, already } = await refundClaim(patient, digest, 1_000);
 * console.log(already ? 'It was given back before.' : `${facts.paid} is left`);
 * ```
 */
export async function refundClaim(
  party: Party,
  digest: Bytes32,
  amount: number,
  { again = false, payee: key }: RefundChoice = {},
): Promise<ClaimStepDone> {
  const { message: claim } = await requireKnownClaim(party, digest);
  const payee = key?.address ?? paidAccountOf(party.address, claim);
  const message = (common: object) => ({ ...common, payee, amount }) as ClaimRefund;
  return await takeClaimStep(party, digest, {
    type: 'ClaimRefund',
    values: { payee, amount },
    again,
    canBeNew: () => false,
    wasTaken: async ({ step }) => await wasRefunded(step),
    make: () => {
      const tells = [claim.insurer];
      return { claim, message, ...(key && { key }), tells };
    },
  });

  /** Asks which of the steps so far was this refund: a step that was taken is not taken again. */
  async function wasRefunded(steps: ClaimFacts['step']): Promise<boolean> {
    const deadline = seconds(party.clock) + WAIT;
    for (let first = 1; first <= steps; first += PAGE) {
      const submissions = Array.from({ length: Math.min(PAGE, steps + 1 - first) }, (_, place) => {
        const message = { claim: digest, step: first + place, payee, amount, deadline };
        return { ...signForClaim(party, claim, 'ClaimRefund', message, key), claim };
      });
      const answer: unknown = await party.agent.submit(submissions);
      if (areTaken(answer, submissions.length)) return true;
    }
    return false;
  }
}

/** Seconds in which the question is good. */
const WAIT = 300;
/** Steps that are asked about at once. */
const PAGE = 64;

/** True if one of the requests was placed; an answer that does not tell is an error. */
function areTaken(answer: unknown, asked: number): boolean {
  const outcomes = Array.isArray(answer) ? (answer as readonly (Outcome | null)[]) : [];
  if (outcomes.some((each) => each?.outcome === 'placed')) return true;
  for (const each of outcomes) {
    if (each?.outcome !== 'refused') throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
    const error = fromProblem(each.problem);
    if (!isFinalRefusal(error)) throw error;
  }
  if (outcomes.length !== asked) throw new MedsealError('PEER_MALFORMED', { what: 'outcome' });
  return false;
}
