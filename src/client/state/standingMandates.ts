import { seconds } from '../../protocol/Clock.ts';
import type { MandateFacts } from '../../protocol/care/mandates.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { hasPower, standsAt } from '../../protocol/rights/judgeMandate.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
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
  return open.filter((each) => isStanding(party, each, listed));
}

/**
 * Tells whether a mandate holds.
 *
 * @param party - The patient.
 * @param known - As a state has it, not trusted.
 * @param listed - The mandates on the ledger.
 */
export function isStanding(
  party: Party,
  { mandate, digest, recipient }: KnownMandate,
  listed: readonly MandateFacts[],
): boolean {
  const now = seconds(party.clock);
  const facts = listed.find((each) => each.mandate === digest);
  return (
    facts !== undefined &&
    hasPower(facts, 'keys') &&
    standsAt(listed, facts, now) &&
    digestOf(party, 'Mandate', mandate) === digest &&
    recipientHash(party.primitives, recipient) === mandate.terms.recipient &&
    now < mandate.terms.until
  );
}
