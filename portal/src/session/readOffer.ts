import { parseMandateOffer, requireGivable, type MandateOffer } from '../../../src/client/index.ts';
import { malformed } from '../../../src/errors/malformed.ts';
import type { Session } from './Session.ts';

/** Largest file that is read, in bytes. */
const MOST = 64 * 1024;

/**
 * Reads the file of an offer to act for a patient, and refuses one that the patient could not give.
 *
 * @param session - The patient, or who acts for the patient.
 * @param file - As it was chosen, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` for any other file; what `requireGivable` throws.
 */
export async function readOffer(
  { party }: Pick<Session, 'party'>,
  file: Pick<File, 'size' | 'text'>,
): Promise<MandateOffer> {
  if (file.size > MOST) throw malformed('mandate offer');
  const offer = parseMandateOffer(await file.text());
  await requireGivable(party, offer);
  return offer;
}
