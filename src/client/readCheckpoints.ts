import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { isPending } from '../protocol/isPending.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { SignedCheckpoint, SignedPlace } from '../protocol/evidence.ts';
import type { LogName } from '../protocol/ids.ts';

/**
 * Every checkpoint of a log that stands on the ledger, as a node tells, from the first.
 *
 * @param agent - The node; what it answers is not checked here.
 * @param log - The log.
 * @throws MedsealError of the node; `PEER_MALFORMED` if the answers come to no end.
 */
export async function* readCheckpoints(
  agent: Pick<AgentPort, 'receipt'>,
  log: LogName,
): AsyncGenerator<{ readonly checkpoint: SignedCheckpoint; readonly ledger: SignedPlace }> {
  let size = 0;
  for (;;) {
    const proof = await agent.receipt({ log, index: size }).catch((error: unknown) => {
      // No entry comes after it.
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
