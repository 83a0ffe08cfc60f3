import { MedsealError } from '../errors/MedsealError.ts';
import type { Address } from '../protocol/ids.ts';
import { recipientHash } from '../protocol/recipientHash.ts';
import { confirmFacts } from './confirmFacts.ts';
import type { Party } from './Party.ts';

/**
 * The age recipient of another party, confirmed by k coordinators and pinned on this device: a recipient that
 * differs from the pinned one is refused until the device's owner has confirmed it.
 *
 * @param party - Who wants to seal.
 * @param to - To whom.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 */
export async function confirmRecipient(party: Party, to: Address): Promise<string> {
  const facts = (await confirmFacts(party, { party: to })).party;
  if (facts === undefined || facts.party !== to) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  const { recipient } = await party.agent.card(to);
  if (recipientHash(party.primitives, recipient) !== facts.recipient) throw unauthentic();
  const pinned = await party.device.read(`recipient-${to}`);
  if (pinned !== undefined && pinned !== recipient) throw unauthentic();
  if (pinned === undefined) await party.device.write(`recipient-${to}`, recipient);
  return recipient;
}

function unauthentic(): MedsealError {
  return new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the party' });
}
