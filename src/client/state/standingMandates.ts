import { seconds } from '../../protocol/Clock.ts';
import type { MandateFacts } from '../../protocol/care/mandates.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { hasPower, standsAt, type ExactEnd } from '../../protocol/rights/judgeMandate.ts';
import { digestOf, type SigningContext } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import type { KnownMandate, PatientState } from './PatientState.ts';

/**
 * Returns the mandates of a state that hold: k coordinators confirm that the ledger lets the key act, and the opening says so to
 * the second and names the recipient. Whoever kept a state before may have put others there.
 *
 * @param party - The patient.
 * @param state - The state.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 */
export async function standingMandates(
  party: Party,
  { handle, mandates = [] }: Pick<PatientState, 'handle' | 'mandates'>,
): Promise<readonly KnownMandate[]> {
  const open = mandates.filter(({ isClosed }) => isClosed !== true);
  if (open.length === 0) return [];
  const { patient } = await confirmFacts(party, { handle });
  const { mandates: listed = [] } = patient ?? {};
  return open.filter((each) => isStanding(party, each, listed, mandates));
}

/**
 * Returns the exact ends of mandates that openings show. Whoever kept a state before may have put others there, which have other digests.
 *
 * @param party - Domain and primitives.
 * @param mandates - As a state has them, not trusted.
 */
export function exactEndsIn(party: SigningContext, mandates: readonly KnownMandate[]): ExactEnd {
  const ends = new Map(
    mandates.map(({ mandate }) => [digestOf(party, 'Mandate', mandate), mandate.terms.until]),
  );
  return (mandate) => ends.get(mandate);
}

/**
 * Tells whether a mandate holds.
 *
 * @param party - The patient.
 * @param known - As a state has it, not trusted.
 * @param listed - The mandates on the ledger.
 * @param all - All that the state has: the exact end of who appointed it counts too.
 */
export function isStanding(
  party: Party,
  { mandate, digest, recipient }: KnownMandate,
  listed: readonly MandateFacts[],
  all: readonly KnownMandate[],
): boolean {
  const now = seconds(party.clock);
  const exact = exactEndsIn(party, all);
  const facts = listed.find((each) => each.mandate === digest);
  return (
    facts !== undefined &&
    hasPower(facts, 'keys') &&
    standsAt(listed, facts, now, (each) => exact(each) ?? Infinity) &&
    digestOf(party, 'Mandate', mandate) === digest &&
    recipientHash(party.primitives, recipient) === mandate.terms.recipient
  );
}
