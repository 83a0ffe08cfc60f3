import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns the newest network file in force that follows from a known one by what nodes say. One honest node suffices: what each
 * says is verified, and one that does not answer, or whose answer does not follow, is passed over.
 *
 * @param ports - Hashes, the curve and the clock.
 * @param known - The pinned file, or a later one that was followed from it.
 * @param agents - The nodes.
 * @throws MedsealError `NETWORK_FORKED` if they give different files of one number.
 */
export async function newestFile(
  ports: { readonly primitives: Party['primitives']; readonly clock: Pick<Party['clock'], 'now'> },
  known: NetworkFile,
  agents: readonly Pick<AgentPort, 'successors'>[],
): Promise<NetworkFile> {
  const told = await Promise.allSettled(
    agents.map(async (agent) => followSuccessors(ports, known, await agent.successors())),
  );
  const files = new Map([[numberOf(known), known]]);
  for (const answer of told) {
    for (const file of answer.status === 'fulfilled' ? answer.value : []) {
      const number = numberOf(file);
      const rival = files.get(number);
      if (rival !== undefined && !isSameNetworkFile(rival, file)) {
        throw new MedsealError('NETWORK_FORKED', { number });
      }
      files.set(number, file);
    }
  }
  const inOrder = [...files.values()].toSorted((one, other) => numberOf(one) - numberOf(other));
  return fileInForce(inOrder, seconds(ports.clock));
}
