import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { agreedNewest } from '../../protocol/evidence/agreedNewest.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import { findBlockConflict, type BlockConflict } from '../../protocol/evidence/blockConflict.ts';
import { isAttested } from '../../protocol/care/isAttested.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ownLogOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { BlockStatement } from '../../protocol/network/Successor.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';

/** Errors by which there is no statement: `NOT_FOUND` if the organisation is in another channel alone. */
const ABSENT = [
  'VERDICTS_MISSING',
  'LEDGER_STALE',
  'PEER_UNREACHABLE',
  'CLOSED',
  'NOT_FOUND',
] as const;

/** The node that is asked for the statements. */
export interface StatingNode {
  readonly organisation: Organisation;
  readonly agent: Pick<AgentPort, 'facts'>;
}

/** Calls of `stateBlock`. */
export interface StatingEvents {
  /** Told why the successor states no block. */
  readonly onNone: (reason: string) => void;
  /** Called with the proof if coordinators signed two different blocks of one height. */
  readonly onConflict: (conflict: BlockConflict) => Promise<void>;
}

/**
 * Asks coordinators for the newest block of the ledger, for a successor to state: whoever follows it later trusts that block.
 *
 * @param ports - Hashes, the clock and random bytes.
 * @param network - The file that the successor follows, of a ledger that validators hold.
 * @param node - The node of one's own organisation.
 * @param events - Told what else came of it.
 * @returns Statements of k coordinators on one block; undefined if too few state one now.
 * @throws MedsealError `LEDGER_DISPUTED` if k coordinators sign one block, and k another one.
 */
export async function stateBlock(
  { primitives, clock, random }: Pick<NodePorts, 'primitives' | 'clock' | 'random'>,
  network: NetworkFile,
  { organisation, agent }: StatingNode,
  { onNone, onConflict }: StatingEvents,
): Promise<readonly BlockStatement[] | undefined> {
  const asked: FactsQuery = { nonce: bytesToHex(random(32)), newest: 0 };
  try {
    const given: unknown = await agent.facts(asked);
    const answers = Array.isArray(given) ? (given as readonly AttestedFacts[]) : [];
    // The Registry's coordinators are those of the first channel.
    const { channel, log } = ownLogOf(network, organisation, network.channels[0]?.name);
    const context = { network, log: log.name, primitives, domain: domainOf(network) };
    const conflict = findBlockConflict({ primitives }, network, answers);
    if (conflict !== undefined) await onConflict(conflict);
    const now = seconds(clock);
    const stating = answers.flatMap(statementsIn);
    const block = canonicalJson(agreedNewest(context, asked, stating, now));
    const seats = new Set(channel.coordinators.map(({ address }) => address));
    const statements = new Map<Address, BlockStatement>();
    for (const statement of stating) {
      const { coordinator, facts } = statement;
      if (!seats.has(coordinator) || canonicalJson(facts.newest) !== block) continue;
      if (isAttested(context, statement, asked, now)) statements.set(coordinator, statement);
    }
    return [...statements.values()];
  } catch (error) {
    const found = ABSENT.some((code) => isMedsealError(error, code));
    if (!found || !isMedsealError(error)) throw error;
    onNone(error.message);
    return undefined;
  }
}

/** The part of an answer that a successor can carry: one that was signed over more than the block holds no longer. */
function statementsIn({
  coordinator,
  signature,
  attestation,
  facts: { newest },
}: AttestedFacts): readonly BlockStatement[] {
  if (newest === undefined) return [];
  return [{ coordinator, signature, attestation, facts: { asked: { newest: 0 }, newest } }];
}
