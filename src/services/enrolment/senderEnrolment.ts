import { ZERO32, type Address, type Organisation } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import type { Enrolment } from '../../protocol/struct/requests.ts';
import { roleNumber } from '../../protocol/network/roleNumber.ts';

/**
 * The enrolment that makes an account the administrator of an organisation, whose transactions the ledger takes.
 *
 * @param organisation - The organisation.
 * @param party - The account.
 * @param deadline - Last second at which the Registry takes it.
 */
export function senderEnrolment(
  organisation: Organisation,
  party: Address,
  deadline: number,
): Enrolment {
  return {
    party,
    role: roleNumber('administrator'),
    organisation: organisationId(organisation),
    // Nobody seals to an account that only sends.
    recipient: ZERO32,
    handle: ZERO32,
    deadline,
  };
}
