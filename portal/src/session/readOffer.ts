import {
  confirmFacts,
  parseMandateOffer,
  requireOffered,
  type MandateOffer,
} from '../../../src/client/index.ts';
import { malformed } from '../../../src/errors/malformed.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { digestOf } from '../../../src/protocol/struct/signing.ts';
import type { Session } from './Session.ts';

/** Largest file that is read, in bytes. */
const MOST = 64 * 1024;

/**
 * Reads the file of an offer to act for a patient, and refuses one that the patient could not give.
 *
 * @param session - The patient, or who acts for the patient.
 * @param file - As it was chosen, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` for any other file; `RIGHT_MISSING` for an offer for another patient; `ARGUMENT_INVALID`
 * for one's own; `RIGHT_ENDED` for one that is over; `SIGNATURE_INVALID`, `KEY_UNAUTHENTIC` for one that was altered or that
 * somebody made in another's name; `PARTY_UNKNOWN`; `PARTY_SUSPENDED`; what `confirmFacts` throws.
 */
export async function readOffer(
  { party, handle }: Pick<Session, 'party' | 'handle'>,
  file: Pick<File, 'size' | 'text'>,
): Promise<MandateOffer> {
  if (file.size > MOST) throw malformed('mandate offer');
  const offer = parseMandateOffer(await file.text());
  const { mandate } = offer;
  const { representative, until } = mandate.terms;
  if (mandate.handle !== handle) throw new MedsealError('RIGHT_MISSING', {});
  if ([party.address, party.acting?.by.address].includes(representative)) {
    const reason = 'nobody acts for themselves';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'offer', reason });
  }
  const now = seconds(party.clock);
  if (until <= now || mandate.deadline < now) throw new MedsealError('RIGHT_ENDED', {});
  const { party: facts, patient } = await confirmFacts(party, { party: representative, handle });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  requireOffered(party, offer, facts.key?.signer ?? representative);
  const digest = digestOf(party, 'Mandate', mandate);
  const known = patient?.mandates?.find((each) => each.mandate === digest);
  if (known?.state === 'ended') throw new MedsealError('RIGHT_ENDED', {});
  return offer;
}
