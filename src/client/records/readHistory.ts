import { bytesToHex, concatBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { History, SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { readEntries } from '../audit/readEntries.ts';

/**
 * Reads all entries of a log up to a checkpoint from its tiles, to save them; `verifyHistory` verifies them.
 *
 * @param asker - SHA-256, and a node that has the log.
 * @param checkpoint - Checkpoint of the log.
 * @throws MedsealError `EVIDENCE_INVALID` naming a tile that is not valid; of the node.
 * @example
 * ```ts
 * const checkpoint = await agent.checkpoint('care/hospital');
 * const history = await readHistory({ ...webPorts, agent }, checkpoint);
 * verifyHistory({ ...webPorts, domain: domainOf(network) }, network, history);
 * ```
 */
export async function readHistory(
  {
    primitives,
    agent,
  }: { readonly primitives: Primitives; readonly agent: Pick<AgentPort, 'tile'> },
  checkpoint: SignedCheckpoint,
): Promise<History> {
  const entries: Uint8Array[] = [];
  for await (const { entry } of readEntries(primitives, agent, checkpoint.log, checkpoint.size)) {
    entries.push(entry);
  }
  return {
    format: 'medseal-history/1',
    checkpoint,
    entries: bytesToHex(concatBytes(...entries)),
  };
}
