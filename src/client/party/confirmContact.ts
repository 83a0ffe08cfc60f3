import { MedsealError } from '../../errors/MedsealError.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { ContactCard } from './ContactCard.ts';
import type { Party } from './Party.ts';

/**
 * Returns the part of a network's id that a card names.
 *
 * @param network - The network file.
 * @example
 * ```ts
 * const card = parseContactCard(prompt('Paste the card of your doctor') ?? '');
 * if (card.network !== networkOnCard(network)) console.log('The card is of another network.');
 * ```
 */
export function networkOnCard({ networkId }: Pick<NetworkFile, 'networkId'>): Bytes32 {
  return networkId.slice(0, 18) as Bytes32;
}

/**
 * Compares a card with the Registry as k coordinators confirm it: with a card that differs, nothing is sealed to the
 * party and nothing is written to the chart.
 *
 * @param party - Party that was given the card.
 * @param card - The card.
 * @returns The other party as the Registry has it.
 * @throws MedsealError `CARD_INVALID` for a card of another network; `PARTY_UNKNOWN`; `KEY_UNAUTHENTIC` if the Registry
 * holds another recipient or chart.
 * @example
 * ```ts
 * const card = parseContactCard(prompt('Paste the card of your doctor') ?? '');
 * const { role, organisation } = await confirmContact(patient, card);
 * console.log(`${card.party} is a ${role} of ${organisation}`);
 * ```
 */
export async function confirmContact(party: Party, card: ContactCard): Promise<PartyFacts> {
  if (card.network !== networkOnCard(party.network)) {
    throw new MedsealError('CARD_INVALID', { reason: 'it is of another network' });
  }
  const { party: facts } = await confirmFacts(party, { party: card.party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.recipient !== card.recipient || facts.handle !== card.handle) {
    throw new MedsealError('KEY_UNAUTHENTIC', { what: 'card of the party' });
  }
  return facts;
}

/**
 * Makes the card of a party from the Registry's facts.
 *
 * @param network - Its network.
 * @param facts - Facts that k coordinators confirmed.
 * @example
 * ```ts
 * const { party } = await confirmFacts(patient, { party: patient.address });
 * if (party === undefined) throw new Error('not enrolled yet');
 * console.log(formatContactCard(contactCardOf(network, party)));
 * ```
 */
export function contactCardOf(
  network: Pick<NetworkFile, 'networkId'>,
  { party, recipient, handle }: PartyFacts,
): ContactCard {
  return {
    format: 'medseal-contact/1',
    network: networkOnCard(network),
    party,
    recipient,
    ...(handle !== undefined && { handle }),
  };
}
