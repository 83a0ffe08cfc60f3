import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { RightsPage } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Grant, Signed } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { checkAsker } from '../checkAsker.ts';
import { MOST_OPENINGS } from '../deposits/RightsGiven.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** An opening by its digest. */
interface Named {
  readonly digest: Bytes32;
  readonly grant: Grant;
}

/**
 * Gives a party the openings of its standing rights that any node keeps. A grant is acknowledged once k organisations
 * keep it, so one of them is among any k. Openings that are another party's, or do not stand by this node's view of the
 * ledger, are left out.
 *
 * @param agent - The agent's context.
 * @param offered - Not trusted.
 * @throws MedsealError that says why not; a node's error if no node answers.
 */
export async function answerFindRights(
  agent: AgentContext,
  offered: Signed<'FindRights'>,
): Promise<RightsPage> {
  await agent.index.refresh();
  const request = checkAsker(agent, offered, 'FindRights');
  agent.accounts.note(request.party);
  const { party, message } = request;
  const { writes } = logOf(agent.network, agent.log.identity.name).channel.thresholds;
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (keeper) => {
      const given = await keeper.rights(request);
      const sound = given
        .slice(0, MOST_OPENINGS)
        .flatMap((each) => soundly(agent, each, party) ?? []);
      return {
        isFull: given.length >= MOST_OPENINGS,
        sound: sound.filter(({ digest }) => digest > message.after),
      };
    },
    least: writes,
    isDecided: (given) => fulfilled(given).length >= writes,
  });
  const pages = fulfilled(answers);
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (pages.length === 0 && failed !== undefined) throw toMedsealError(failed.reason);
  // Beyond the last of a full page its node may have others in between: they are for the next page. A full page without
  // a sound right is a lie, and ends nothing.
  const full = pages.flatMap(({ isFull, sound }) => (isFull ? [lastOf(sound)] : []));
  const ends = full.filter((end) => end !== undefined);
  const [end] = ends.toSorted();
  const found = new Map<Bytes32, Grant>();
  for (const { digest, grant } of pages.flatMap(({ sound }) => sound)) found.set(digest, grant);
  const digests = [...found.keys()].filter((digest) => end === undefined || digest <= end);
  const rights = digests.toSorted().flatMap((digest) => found.get(digest) ?? []);
  return { rights, more: end !== undefined };
}

function lastOf(sound: readonly Named[]): Bytes32 | undefined {
  return sound
    .map(({ digest }) => digest)
    .toSorted()
    .at(-1);
}

/** The right with its digest; undefined if it is another party's, or the ledger has it not or no more, or it is over. */
function soundly(agent: AgentContext, offered: unknown, party: Address): Named | undefined {
  try {
    const grant = parseMessage('Grant', offered);
    const digest = digestOf(agent, 'Grant', grant);
    const standing = agent.index.grant(digest);
    const isOwn = grant.terms.grantee === party && standing?.handle === grant.handle;
    const stands = standing?.state === 'active' && grant.terms.until > agent.index.moment;
    return isOwn && stands ? { digest, grant } : undefined;
  } catch {
    return undefined;
  }
}
