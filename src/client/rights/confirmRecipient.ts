import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';

/**
 * The age recipient of another party, confirmed by k coordinators. A recipient that differs from the one that keys were
 * sealed to before is refused until the patient accepts it.
 *
 * @param party - Party that wants to seal.
 * @param to - Party to seal to.
 * @param pinned - SHA-256 of the recipient that was sealed to before.
 * @param evenSuspended - True for what has to wait for a suspended party until it acts again.
 * @throws MedsealError `RECIPIENT_CHANGED` if the Registry has another one than that; `KEY_UNAUTHENTIC` if the offered
 * recipient is not the one in the Registry, or there is no quorum; `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 */
export async function confirmRecipient(
  party: Party,
  to: Address,
  pinned?: Bytes32,
  evenSuspended = false,
): Promise<string> {
  const facts = (await confirmFacts(party, { party: to })).party;
  if (facts === undefined || facts.party !== to) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended && !evenSuspended) throw new MedsealError('PARTY_SUSPENDED', {});
  if (pinned !== undefined && pinned !== facts.recipient) {
    throw new MedsealError('RECIPIENT_CHANGED', {});
  }
  const { recipient } = await party.agent.card(to);
  if (recipientHash(party.primitives, recipient) !== facts.recipient) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the party' });
  }
  return recipient;
}
