import { enterAsk } from '../letters/enterAsk.ts';
import type { AccessWanted } from '../letters/accessRequests.ts';
import { sendLetter } from '../letters/letters.ts';
import type { Party } from '../party/Party.ts';
import { BEGIN, type Care } from '../../node/test/testNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { AccessRequest } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';

/** Asks by a letter with its entry, whatever the message says. */
export async function askByLetter(
  { patient }: Pick<Care, 'patient'>,
  from: Party,
  message: AccessRequest,
): Promise<void> {
  const request = sign(from, from, 'AccessRequest', message);
  const { purpose } = message.terms;
  const entry = await enterAsk(from, {
    what: 'request',
    handle: message.handle,
    request: digestOf(from, 'AccessRequest', message),
    grant: ZERO32,
    purpose,
  });
  await sendLetter(from, patient.address, { request, entry });
}

/** Access to a chart that may be asked for, with something changed. */
export function accessTo(
  { handle }: Pick<Care, 'handle'>,
  change: Partial<AccessWanted> = {},
): AccessWanted {
  return {
    handle,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: BEGIN + 3600,
    ...change,
  };
}
