import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Random } from '../../crypto/Random.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { type Clock, seconds } from '../../protocol/Clock.ts';
import { agreedNewest } from '../../protocol/evidence/agreedNewest.ts';
import { findBlockConflict, type BlockConflict } from '../../protocol/evidence/blockConflict.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { ownLogOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { newestFile } from './newestFile.ts';

/** A node that is asked for the newest block. */
export interface NewestNode {
  readonly organisation: Organisation;
  readonly agent: Pick<AgentPort, 'facts' | 'successors'>;
}

/** Options of `confirmNewest`. */
export interface NewestOptions {
  readonly primitives: Primitives;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  /** The pinned network file, or a later one that was followed from it. */
  readonly network: NetworkFile;
  /** Nodes of the network, which may lie; they are asked in this order until k coordinators answer by one. */
  readonly nodes: readonly NewestNode[];
  /** Called with the proof if coordinators signed two different blocks of one height. */
  readonly onConflict?: (conflict: BlockConflict) => Promise<void>;
}

/**
 * Asks coordinators for the newest block of the ledger, over this device's own nonce, and takes the one that k different
 * organisations sign alike. A device whose trust is too old goes on from it. The coordinators are those of the newest network
 * file that follows from the known one; those of a former one do not count. The other nodes are asked about the same block: a
 * coordinator that signed another one is reported, and its statement changes nothing while k agree.
 *
 * @param options - See `NewestOptions`.
 * @throws MedsealError `LEDGER_DISPUTED` if too few agree, and two conflict; `VERDICTS_MISSING`, `CLOCK_SKEWED`,
 * `LEDGER_STALE`; `NETWORK_FORKED` if nodes give different network files of one number; of the first node that is asked, if no node gives enough.
 * @example
 * ```ts
 * const nodes = [{ organisation: 'hospital', agent: httpAgent('http://127.0.0.1:8480/hospital') }];
 * const { height, hash } = await confirmNewest({ ...webPorts, network, nodes });
 * console.log(`block ${height} is ${hash}`);
 * ```
 */
export async function confirmNewest(options: NewestOptions): Promise<BlockFacts> {
  const { primitives, nodes, onConflict } = options;
  const agents = nodes.map(({ agent }) => agent);
  const network = await newestFile(options, options.network, agents);
  const followed = { ...options, network };
  const heard: AttestedFacts[] = [];
  let failure: MedsealError | undefined;
  let agreed: BlockFacts | undefined;
  for (const node of nodes) {
    try {
      agreed = await newestAtNode(followed, node, heard);
      break;
    } catch (error) {
      if (!(error instanceof MedsealError)) throw error;
      failure ??= error;
    }
  }
  if (agreed !== undefined) {
    const { height } = agreed;
    const asked = nodes.map(async (node) => await statements(options, node, height));
    for (const answer of await Promise.allSettled(asked)) {
      if (answer.status === 'fulfilled') heard.push(...answer.value.answers);
    }
  }
  const conflict = findBlockConflict({ primitives }, network, heard);
  if (conflict !== undefined) await onConflict?.(conflict);
  if (agreed !== undefined) return agreed;
  const height = conflict?.statements[0].facts.newest?.height;
  if (height !== undefined) throw new MedsealError('LEDGER_DISPUTED', { height });
  const { writes: needed } = network.channels[0]?.thresholds ?? { writes: 1 };
  throw failure ?? new MedsealError('VERDICTS_MISSING', { got: 0, needed });
}

async function newestAtNode(
  options: NewestOptions,
  node: NewestNode,
  heard: AttestedFacts[],
): Promise<BlockFacts> {
  const { network, primitives, clock } = options;
  const { asked, answers } = await statements(options, node, 0);
  heard.push(...answers);
  // The ledger's coordinators are those of the first channel, whatever others their organisations are in.
  const log = ownLogOf(network, node.organisation, network.channels[0]?.name).log.name;
  const context = { network, log, primitives, domain: domainOf(network) };
  return agreedNewest(context, asked, answers, seconds(clock));
}

/** The statements about a block that a node passes on. */
async function statements(
  { random }: NewestOptions,
  { agent }: NewestNode,
  newest: number,
): Promise<{ readonly asked: FactsQuery; readonly answers: readonly AttestedFacts[] }> {
  const asked = { nonce: bytesToHex(random(32)), newest };
  const answers: unknown = await agent.facts(asked);
  return { asked, answers: Array.isArray(answers) ? (answers as AttestedFacts[]) : [] };
}
