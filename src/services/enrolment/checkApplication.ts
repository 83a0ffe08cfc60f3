import { isRecipient } from '../../crypto/keys/isRecipient.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { Application } from '../../protocol/struct/requests.ts';
import { verifySigned } from '../../protocol/struct/signing.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Checks that an application was signed with the key that it names, in time, and that its card fits it.
 *
 * @param context - Domain, primitives, clock.
 * @param signed - Not trusted.
 * @returns The application.
 * @throws MedsealError `ENROLMENT_REFUSED`, `REQUEST_MALFORMED`, `REQUEST_LATE`, `SIGNATURE_INVALID`.
 */
export function checkApplication(
  context: Pick<ServiceContext, 'domain' | 'primitives' | 'clock'>,
  signed: SignedApplication,
): Application {
  const application = parseSigned(signed?.application, ['Application']);
  const { party, recipient, deadline } = application.message;
  if (application.party !== party) throw refused('it is signed by another party');
  verifySigned(context, application, party);
  if (deadline < seconds(context.clock)) throw new MedsealError('REQUEST_LATE', {});
  if (signed.card?.party !== party) throw refused('the card is of another party');
  const text: unknown = signed.card.recipient;
  if (typeof text !== 'string' || recipientHash(context.primitives, text) !== recipient) {
    throw refused('the card holds another recipient');
  }
  if (!isRecipient(text)) throw refused(UNSEALABLE);
  return application.message;
}

/** Reason for which a recipient is refused if nobody can seal to it. */
const UNSEALABLE = '`recipient` must be a sound post-quantum hybrid age recipient (age1pq1…)';

function refused(reason: string): MedsealError {
  return new MedsealError('ENROLMENT_REFUSED', { reason });
}
