import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Primitives } from '../../../src/crypto/Primitives.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import { domainOf } from '../../../src/protocol/struct/domainOf.ts';
import type { SignedCheckpoint } from '../../../src/protocol/evidence/evidence.ts';
import type { Address, LogName } from '../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import { verifyCheckpoint } from '../../../src/protocol/evidence/verifyCheckpoint.ts';

/** A checkpoint that a quorum signed. */
export interface ReadCheckpoint {
  readonly checkpoint: SignedCheckpoint;
  /** Coordinators whose signatures are valid; the checkpoint may name others. */
  readonly signers: readonly Address[];
}

/**
 * Asks for a log's newest checkpoint, and verifies that it is of this log and that the quorum signed it.
 *
 * @param primitives - Hashes and the curve.
 * @param at - The agent that is asked, not trusted, and the pinned network file.
 * @param log - The log.
 * @throws MedsealError `EVIDENCE_INVALID`; `NOT_YET` if the log has none; what the agent answers.
 */
export async function readCheckpoint(
  primitives: Primitives,
  {
    agent,
    network,
  }: { readonly agent: Pick<AgentPort, 'checkpoint'>; readonly network: NetworkFile },
  log: LogName,
): Promise<ReadCheckpoint> {
  const checkpoint = await agent.checkpoint(log);
  const signers = verifyCheckpoint({ domain: domainOf(network), primitives }, network, checkpoint);
  if (checkpoint.log === log) return { checkpoint, signers };
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the checkpoint is of another log' });
}
