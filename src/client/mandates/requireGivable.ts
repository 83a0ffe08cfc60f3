import { MedsealError } from '../../errors/MedsealError.ts';
import { HIDDEN_DAYS } from '../../protocol/care/mandates.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { digestOf, signerOf } from '../../protocol/struct/signing.ts';
import { SERVICES } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import type { MandateOffer } from './MandateOffer.ts';

/**
 * Requires that the patient could give what an offer asks for: it is for this chart, the representative made it with the key that k
 * coordinators know and has the acting key, and it is not over. One that was given already passes.
 *
 * @param party - The patient, or who acts for the patient.
 * @param offer - Of the right form, not trusted.
 * @returns Digest of its mandate.
 * @throws MedsealError `RIGHT_MISSING` for another's chart; `ARGUMENT_INVALID` for an offer to oneself, or if
 * the ledger would take it for over earlier than it states, or more than 90 days later; `RIGHT_ENDED` for one that is over, or whose mandate
 * ended; `PARTY_UNKNOWN`, `PARTY_SUSPENDED` for the representative; `SIGNATURE_INVALID`; `KEY_UNAUTHENTIC` for another recipient than the
 * one that is signed; `NOT_FOUND` on a device of someone who is not a patient; `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * const offer = parseMandateOffer(new TextDecoder().decode(bytes));
 * await requireGivable(patient, offer);
 * ```
 */
export async function requireGivable(party: Party, offer: MandateOffer): Promise<Bytes32> {
  const { mandate } = offer;
  const { handle, terms, deadline } = mandate;
  if ((await readPatientState(party)).handle !== handle)
    throw new MedsealError('RIGHT_MISSING', {});
  const { representative } = terms;
  if ([party.address, party.acting?.by.address].includes(representative)) {
    throw invalid('nobody acts for themselves');
  }
  const now = seconds(party.clock);
  if (terms.until <= now || deadline < now) throw new MedsealError('RIGHT_ENDED', {});
  const asked = { party: representative, handle };
  const { party: facts, patient } = await confirmFacts(party, asked);
  const { role, suspended, key } = facts ?? {};
  if (role === undefined || SERVICES.some((each) => each === role)) {
    throw new MedsealError('PARTY_UNKNOWN', {});
  }
  if (suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  requireSigned(party, offer, key?.signer ?? representative);
  const digest = digestOf(party, 'Mandate', mandate);
  const known = patient?.mandates?.find((each) => each.mandate === digest);
  // The state is never sealed to a key that does not act in the end.
  if (known?.state === 'ended') throw new MedsealError('RIGHT_ENDED', {});
  return digest;
}

/** @param signer - Address of the representative's present key. */
function requireSigned(
  party: Party,
  { mandate, recipient, signature, keySignature }: MandateOffer,
  signer: Address,
): void {
  if (recipientHash(party.primitives, recipient) !== mandate.terms.recipient) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the mandate' });
  }
  const isSigned =
    signerOf(party, 'Mandate', mandate, signature) === signer &&
    signerOf(party, 'Mandate', mandate, keySignature) === mandate.key;
  if (!isSigned) throw new MedsealError('SIGNATURE_INVALID', {});
  // The patient reads the exact end: a ledger that goes on for years would keep the key of somebody who acts no longer.
  const hidden = mandate.until - mandate.terms.until;
  if (hidden < 0 || hidden > HIDDEN_DAYS * 86_400) {
    throw invalid('its end on the ledger does not fit the one that it states');
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'offer', reason });
}
