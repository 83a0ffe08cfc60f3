import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import { dealersOf, planFounding } from '../../protocol/dealing/planFounding.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { readExchanged } from './exchangeFiles.ts';
import { findDifference } from './findDifference.ts';
import { requireSet } from './foundingDeals.ts';
import { joinableDeals, type DealFault } from './heldDeals.ts';
import {
  readDeals,
  readHeldDeals,
  readTerms,
  TERMS_NAME,
  writeTerms,
  type FoundingTermsFile,
  type OwnTerms,
} from './termsFiles.ts';

/** A founder with the folder that files are exchanged in. */
export interface JoiningFounder {
  readonly home: OrganisationHome;
  readonly exchange: Files;
  readonly ports: NodePorts;
  /**
   * In a node that waits for its network: told of a deal that it leaves out, as enough others are there. If absent, a deal that does
   * not hold is refused.
   */
  readonly onLeftOut?: ((fault: DealFault) => void) | undefined;
}

/**
 * Returns the set of deals that a founder is to join, as its own folder does not have it yet. A set that it signed before, as the
 * folder is a copy of before, is taken again: with another one it would found a second network.
 *
 * @param founder - The founder.
 * @param own - Its terms, with its own deal.
 * @throws MedsealError as `joinableDeals`; `CEREMONY_INVALID` if a network file is there, and no set that it signed.
 */
export async function dealsToJoin(
  { home, exchange, ports, onLeftOut }: JoiningFounder,
  own: OwnTerms,
): Promise<readonly GivenDeal[]> {
  const { network } = own;
  const [deal] = own.deals;
  if (deal === undefined) throw invalid(TERMS_NAME, 'it has no deal of this node');
  const signed = await signedBefore(exchange, ports, home);
  const isSame = signed?.network.networkId === network.networkId;
  if (signed !== undefined && isSame && signed.deals.length >= dealersOf(network)) {
    requireOwnDeal(home.organisation, own, signed.deals);
    return signed.deals;
  }
  if ((await readExchanged(exchange, 'network.json')) !== undefined) {
    const reason = `it is there before this node made it, and no set of deals that this node signed for these terms is in ${TERMS_NAME}: restore a newer copy of the node’s folder, or take the file away if no node has taken it`;
    throw invalid('network.json', reason);
  }
  await writeTerms(exchange, { network, deals: [deal] });
  const members = otherDealers(network, [home.organisation]);
  const given = {
    own: deal,
    others: await readDeals(exchange, members),
    held: await readHeldDeals(exchange, members),
  };
  const { deals, faults } = await joinableDeals(ports, home, network, given);
  for (const fault of faults) {
    if (onLeftOut === undefined) throw fault;
    onLeftOut(fault);
  }
  return deals;
}

/** The organisations of a network but some. */
export function otherDealers(
  terms: NetworkFile,
  known: readonly Organisation[],
): readonly Organisation[] {
  const names = planFounding(terms, 0).members.map(({ organisation }) => organisation);
  return names.filter((name) => !known.includes(name));
}

/** Requires that a deal in a node's name is the one that it made, if its folder knows it: a thief of its key can sign another. */
export function requireOwnDeal(
  organisation: Organisation,
  own: OwnTerms | undefined,
  deals: readonly GivenDeal[],
): void {
  const given = deals.find((deal) => deal.organisation === organisation);
  const made = own?.deals.find((deal) => deal.organisation === organisation);
  if (own === undefined || given === undefined || findDifference(made, given) === undefined) return;
  throw invalid(TERMS_NAME, 'a deal in the name of this node is not the one that it made');
}

/** Terms of the exchange folder with a set of deals that the founder signed, if they are there. */
async function signedBefore(
  exchange: Files,
  ports: NodePorts,
  { organisation, keys }: OrganisationHome,
): Promise<FoundingTermsFile | undefined> {
  // Terms that are no such ones are written again.
  const given = await readTerms(exchange).catch(() => undefined);
  if (given?.network.founders?.[0]?.organisation !== organisation) return undefined;
  if (planFounding(given.network, 0).signerOf(organisation) !== keys.coordinator.address) {
    return undefined;
  }
  const isSigned = succeeds(() => {
    requireSet(ports, given);
    return true;
  });
  return isSigned ? given : undefined;
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
