import { bytesToHex } from '../../crypto/bytes.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { Ask } from '../../protocol/requests.ts';
import { submitEvidence } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';

/**
 * Puts on the log that a party asks for a right, or how the patient answers; the words stay in the letter.
 *
 * @param party - Party that asks, or the patient.
 * @param ask - Request, answer, and purpose.
 * @throws MedsealError with the code of the refusal; `QUOTA_SPENT`.
 */
export async function enterAsk(
  party: Party,
  ask: Pick<Ask, 'what' | 'handle' | 'request' | 'grant' | 'purpose'>,
): Promise<Acknowledgement> {
  const { acknowledgement } = await submitEvidence(party, 'Ask', {
    log: party.log,
    ...ask,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  });
  return acknowledgement;
}
