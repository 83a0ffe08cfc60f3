import { MedsealError } from '../../errors/MedsealError.ts';
import { SERVICES } from '../../protocol/vocabulary.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import { POWERS, type Mandate } from '../../protocol/care/mandates.ts';
import { hasPower } from '../../protocol/rights/judgeMandate.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';
import { requireOffered, type MandateOffer } from './MandateOffer.ts';

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
 * @throws MedsealError `SIGNATURE_INVALID`, `KEY_UNAUTHENTIC` for an offer that the representative did not make;
 * `RIGHT_MISSING` for another's chart; `ARGUMENT_INVALID` for one that is over or to oneself; `PARTY_UNKNOWN`, `PARTY_SUSPENDED` for the
 * representative; `RULE_REFUSED`, `RULE_UNCONFIRMED`, `STATE_STALE`, `ANSWER_DISPUTED`.
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
  const { handle, terms, deadline } = mandate;
  const now = seconds(party.clock);
  if (terms.until <= now || deadline < now) throw invalid('the offer is over');
  if (terms.representative === party.address) throw invalid('nobody acts for themselves');
  const asked = { party: terms.representative, handle };
  const { party: facts, patient } = await confirmFacts(party, asked);
  const { role, suspended, key } = facts ?? {};
  if (role === undefined || SERVICES.some((each) => each === role)) {
    throw new MedsealError('PARTY_UNKNOWN', {});
  }
  if (suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  requireOffered(party, offer, key?.signer ?? terms.representative);
  const digest = digestOf(party, 'Mandate', mandate);
  const before = patient?.mandates?.find((each) => each.mandate === digest);
  // The state is never sealed to a key that does not act in the end.
  if (before?.state === 'ended') throw new MedsealError('RIGHT_ENDED', {});
  requireMay(party, mandate);
  if ((await readPatientState(party)).handle !== handle)
    throw new MedsealError('RIGHT_MISSING', {});
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

function invalid(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'offer', reason });
}
