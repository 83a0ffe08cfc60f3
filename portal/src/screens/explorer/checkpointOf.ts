import { portablePrimitives } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { domainOf } from '../../../../src/protocol/domainOf.ts';
import type { SignedCheckpoint } from '../../../../src/protocol/evidence.ts';
import type { LogName } from '../../../../src/protocol/ids.ts';
import { verifyCheckpoint } from '../../../../src/protocol/verifyCheckpoint.ts';
import type { Place } from '../../session/Place.ts';

/**
 * Asks for a log's newest checkpoint, and verifies that it is of this log and that the quorum signed it.
 *
 * @param place - The agent that is asked; not trusted.
 * @param log - The log.
 * @throws MedsealError `EVIDENCE_INVALID`; what the agent answers.
 */
export async function checkpointOf(
  { agent, network }: Pick<Place, 'agent' | 'network'>,
  log: LogName,
): Promise<SignedCheckpoint> {
  const checkpoint = await agent.checkpoint(log);
  verifyCheckpoint(
    { domain: domainOf(network), primitives: portablePrimitives },
    network,
    checkpoint,
  );
  if (checkpoint.log === log) return checkpoint;
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the checkpoint is of another log' });
}
