import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { SignedCheckpoint, SignedPlace } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';

/**
 * Reads every checkpoint of a log that is on the ledger, as a node lists them, from the first.
 *
 * @param agent - Node; its answers are not checked here.
 * @param log - The log.
 * @throws MedsealError of the node; `PEER_MALFORMED` if the answers do not end.
 * @example
 * ```ts
 * for await (const { checkpoint, ledger } of readCheckpoints(agent, 'care/hospital')) {
 *   console.log(`${checkpoint.size} entries, in block ${ledger.block}`);
 * }
 * ```
 */
export async function* readCheckpoints(
  agent: Pick<AgentPort, 'receipt'>,
  log: LogName,
): AsyncGenerator<{ readonly checkpoint: SignedCheckpoint; readonly ledger: SignedPlace }> {
  let size = 0;
  for (;;) {
    const proof = await agent.receipt({ log, index: size }).catch((error: unknown) => {
      // A log has no entry after its newest checkpoint.
      if (isMedsealError(error, 'NOT_FOUND')) return undefined;
      throw error;
    });
    if (proof === undefined || isPending(proof)) return;
    const { checkpoint, ledger } = proof;
    if (!(checkpoint.size > size)) throw new MedsealError('PEER_MALFORMED', { what: 'receipt' });
    yield { checkpoint, ledger };
    ({ size } = checkpoint);
  }
}
