import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import { POWERS, type Mandate } from '../../protocol/care/mandates.ts';
import { hasPower } from '../../protocol/rights/judgeMandate.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import type { MandateOffer } from './MandateOffer.ts';
import { requireGivable } from './requireGivable.ts';

/** A mandate that stands on the ledger. */
export interface MandateGiven extends LedgerPlace {
  /** Its digest. */
  readonly mandate: Bytes32;
}

/**
 * Lets a party act on the patient's chart: gives its acting key a mandate on the ledger, and seals the state of the patient's
 * devices to it as well. Whoever acts can do whatever the patient does on the chart, and keeps copies of all that it opened; audits name
 * the party. Safe to repeat.
 *
 * @param party - The patient, or who acts for the patient and may let others act.
 * @param offer - The offer, as the representative made it and the patient read it.
 * @throws MedsealError what `requireGivable` throws; `RIGHT_MISSING` for more than whoever acts may pass on; `RULE_REFUSED`, `RULE_UNCONFIRMED`, `STATE_STALE`, `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * const offer = parseMandateOffer(new TextDecoder().decode(bytes));
 * console.log(offer.mandate.terms.reason, new Date(offer.mandate.terms.until * 1000));
 * const { block } = await giveMandate(patient, offer);
 * console.log(`It holds since block ${block}.`);
 * ```
 */
export async function giveMandate(party: Party, offer: MandateOffer): Promise<MandateGiven> {
  const { mandate, recipient } = offer;
  const { handle } = mandate;
  const digest = await requireGivable(party, offer);
  requireMay(party, mandate);
  const place = await party.agent.mandate(sign(party, party, 'Mandate', mandate));
  await confirmRule(party, { handle }, ({ patient: after }) =>
    (after?.mandates ?? []).some((each) => each.mandate === digest && each.state === 'active'),
  );
  // The state is sealed to it from then on; a repeat goes on here.
  await withPatientState(party, async (state) => {
    const others = (state.mandates ?? []).filter((each) => each.digest !== digest);
    await keepPatientState(party, {
      ...state,
      mandates: [...others, { mandate, digest, recipient }],
    });
  });
  return { mandate: digest, transaction: place.transaction, block: place.block };
}

/** Requires that whoever acts appoints as the contract lets it: no wider, no longer, and nobody who appoints again. */
function requireMay({ acting }: Party, { powers, until }: Mandate): void {
  if (acting === undefined) return;
  const { mandate: own } = acting;
  const passed = own.powers & ~POWERS.appoint;
  const isWithin = (powers & ~passed) === 0 && until <= own.until;
  if (!hasPower(own, 'appoint') || !isWithin) throw new MedsealError('RIGHT_MISSING', {});
}
