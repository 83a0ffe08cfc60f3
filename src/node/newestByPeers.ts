import { confirmNewest } from '../client/audit/confirmNewest.ts';
import type { BlockConflict } from '../protocol/evidence/blockConflict.ts';
import type { AttestedFacts, FactsQuery } from '../protocol/evidence/facts.ts';
import type { BlockFacts } from '../protocol/network/BlockFacts.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Successor, SuccessorsFile } from '../protocol/network/Successor.ts';
import { fulfilled } from '../services/quorum/fulfilled.ts';
import type { CoordinatorPort } from '../services/ports.ts';
import type { NodePorts } from '../folder/NodePorts.ts';

/** Another organisation, as a node reaches it before it has a ledger. */
export interface NewestPeer {
  readonly organisation: Organisation;
  readonly coordinator: Pick<CoordinatorPort, 'attest'>;
  /** Asks for the successors of the node's network file that it knows. */
  readonly successors: () => Promise<readonly Successor[]>;
}

/**
 * Asks the coordinators of other organisations for the newest block of the ledger, for a node whose trust is too old. The
 * first that answers names the height, and the others sign what they have there.
 *
 * @param ports - Hashes, the curve, the clock and randomness.
 * @param network - The node's network file.
 * @param peers - The other organisations.
 * @param onConflict - Keeps the proof if two of them signed different blocks.
 * @throws MedsealError as `confirmNewest`.
 */
export async function newestByPeers(
  ports: Pick<NodePorts, 'primitives' | 'clock' | 'random'>,
  network: NetworkFile,
  peers: readonly NewestPeer[],
  onConflict?: (conflict: BlockConflict) => Promise<void>,
): Promise<BlockFacts> {
  const nodes = peers.map((peer) => {
    const { organisation } = peer;
    const others = peers.filter((each) => each !== peer);
    return {
      organisation,
      agent: {
        facts: async (asked: FactsQuery) => await statementsFrom(peer, others, asked),
        successors: async (): Promise<SuccessorsFile> => {
          return { format: 'medseal-successors/1', successors: await peer.successors() };
        },
      },
    };
  });
  return await confirmNewest({ ...ports, network, nodes, ...(onConflict && { onConflict }) });
}

async function statementsFrom(
  { coordinator }: NewestPeer,
  others: readonly NewestPeer[],
  asked: FactsQuery,
): Promise<readonly AttestedFacts[]> {
  const first = await coordinator.attest({ ...asked, block: 0 });
  const { newest } = first.facts;
  if (newest === undefined) return [first];
  const further = others.map(async (each) => {
    return await each.coordinator.attest({ ...asked, block: newest.height });
  });
  return [first, ...fulfilled(await Promise.allSettled(further))];
}
