import { bytesToHex } from '../../crypto/bytes.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Ask, Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { isFinalRefusal } from '../agent/isFinalRefusal.ts';
import { submitSigned } from '../agent/submit.ts';
import type { Party } from '../party/Party.ts';

/** Fields of a statement that its author decides. */
type AskWanted = Pick<Ask, 'what' | 'handle' | 'request' | 'grant' | 'purpose'>;

/**
 * Puts on the log that a party asks for a right, or how the patient answers; the words stay in the letter. The device
 * stores the last statement about a request before it is sent, so that the same statement, after a crash or a lost
 * answer, is the same bytes and the same entry.
 *
 * @param party - Party that asks, or the patient.
 * @param ask - Request, answer, and purpose.
 * @throws MedsealError with the code of the refusal; `QUOTA_SPENT`.
 */
export async function enterAsk(party: Party, ask: AskWanted): Promise<Acknowledgement> {
  const stored = await party.device.read(nameOf(ask));
  const last = stored as Signed<'Ask'> | null | undefined;
  if (last && isSame(last.message, ask)) {
    try {
      return await enter(party, last);
    } catch (error) {
      // Refused for good, or too late: it is on no log as accepted.
      if (!isFinalRefusal(error)) throw error;
    }
  }
  const message: Ask = {
    log: party.log,
    ...ask,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  return await enter(party, sign(party, party, 'Ask', message));
}

async function enter(party: Party, request: Signed<'Ask'>): Promise<Acknowledgement> {
  const name = nameOf(request.message);
  await party.device.write(name, request);
  try {
    const { acknowledgement } = await submitSigned(party, { request });
    return acknowledgement;
  } catch (error) {
    if (isFinalRefusal(error)) await party.device.write(name, null);
    throw error;
  }
}

function isSame(last: Ask, { what, handle, grant, purpose }: AskWanted): boolean {
  return (
    last.what === what && last.handle === handle && last.grant === grant && last.purpose === purpose
  );
}

function nameOf({ request }: Pick<Ask, 'request'>): string {
  return `ask-${request.slice(2)}`;
}
