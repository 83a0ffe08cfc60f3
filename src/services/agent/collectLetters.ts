import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { SentLetter } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { keyStanding } from '../../protocol/rights/keyStanding.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { digestOf, signerOf } from '../../protocol/struct/signing.ts';
import { checkAsker } from '../checkAsker.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Gives a party the letters that wait for it at any node; each node forgets those that were taken. Anything from a node
 * that is not a letter to the party is left out, and what a key signed that is not its sender's, or whose sender is
 * suspended. Of a letter under a former key nobody can tell when it was signed: the reader is shown as much.
 *
 * @param agent - The agent's context.
 * @param offered - Not trusted.
 * @throws MedsealError that says why not; a node's error if no node answers.
 */
export async function answerCollect(
  agent: AgentContext,
  offered: Signed<'Collect'>,
): Promise<readonly SentLetter[]> {
  await agent.index.refresh();
  const request = checkAsker(agent, offered, 'Collect');
  agent.accounts.note(request.party);
  const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
  // Of those who keep a letter that was acknowledged, one is among any k.
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (keeper) => await keeper.letters(request),
    least: writes,
    isDecided: (given) => fulfilled(given).length >= writes,
  });
  const given = answers.filter((answer) => answer.status === 'fulfilled');
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (given.length === 0 && failed !== undefined) throw toMedsealError(failed.reason);
  const byId = new Map<Bytes32, SentLetter>();
  for (const { value } of given) {
    for (const letter of value) {
      const id = await agent.turns.run(() => soundId(agent, letter, request.party));
      if (id !== undefined) byId.set(id, letter);
    }
  }
  return [...byId.values()];
}

/**
 * The id of a letter that its sender wrote to a reader: nobody gives another in its place. Undefined if it is not one
 * that is handed out.
 */
function soundId(agent: AgentContext, offered: SentLetter, reader: Address): Bytes32 | undefined {
  try {
    const letter = parseSigned(offered.request, ['Letter']);
    const { party: from, message, signature } = letter;
    const standing = keyStanding(
      from,
      agent.index.holderOf(signerOf(agent, 'Letter', message, signature)),
    );
    if (standing === 'foreign' || standing === 'suspended') return undefined;
    const hash = bytesToHex(agent.primitives.sha256(utf8ToBytes(offered.sealed)));
    const isFor = message.to === reader && message.letter === hash;
    return isFor ? digestOf(agent, 'Letter', message) : undefined;
  } catch {
    return undefined;
  }
}
