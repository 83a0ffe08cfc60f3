import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { findDifference } from './findDifference.ts';
import { joinableDeals } from './heldDeals.ts';
import { readDeals, readHeldDeals, TERMS_NAME, writeTerms, type OwnTerms } from './termsFiles.ts';

/** A founder with the folder that files are exchanged in. */
export interface JoiningFounder {
  readonly home: OrganisationHome;
  readonly exchange: Files;
  readonly ports: NodePorts;
  /**
   * In a node that waits for its network: told of a deal that it leaves out, as enough others are there. If absent, a deal that does
   * not hold is refused.
   */
  readonly onLeftOut?: ((fault: MedsealError<'DEAL_INVALID'>) => void) | undefined;
}

/**
 * Returns the set of deals that a founder is to join, as its own folder does not have it yet.
 *
 * @param founder - The founder.
 * @param own - Its terms, with its own deal.
 * @throws MedsealError as `joinableDeals`.
 */
export async function dealsToJoin(
  { home, exchange, ports, onLeftOut }: JoiningFounder,
  own: OwnTerms,
): Promise<readonly GivenDeal[]> {
  const { network } = own;
  const [deal] = own.deals;
  if (deal === undefined) throw invalid(TERMS_NAME, 'it has no deal of this node');
  await writeTerms(exchange, { network, deals: [deal] });
  const given = {
    own: deal,
    others: await readDeals(exchange),
    held: await readHeldDeals(exchange),
  };
  const { deals, faults } = await joinableDeals(ports, home, network, given);
  for (const fault of faults) {
    if (onLeftOut === undefined) throw fault;
    onLeftOut(fault);
  }
  return deals;
}

/** Requires that a deal in a node's name is the one that it made: a thief of its key can sign another. */
export function requireOwnDeal(
  organisation: Organisation,
  own: OwnTerms | undefined,
  deals: readonly GivenDeal[],
): void {
  const given = deals.find((deal) => deal.organisation === organisation);
  const made = own?.deals.find((deal) => deal.organisation === organisation);
  if (given === undefined || findDifference(made, given) === undefined) return;
  throw invalid(TERMS_NAME, 'a deal in the name of this node is not the one that it made');
}

function invalid(file: string, reason: string): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason });
}
