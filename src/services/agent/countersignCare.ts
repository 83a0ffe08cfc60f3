import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { careCheckOf } from '../care/careCheckOf.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/**
 * Asks coordinators to vouch for a prescription, a claim or a supplement, until those of k organisations did.
 *
 * @param agent - The agent's context.
 * @param submission - Checked by this node.
 * @returns Their signatures over its check, in ascending order of their addresses, as the contract takes them.
 * @throws MedsealError that says why one of them did not; `VERDICTS_MISSING` if too few answered.
 */
export async function countersignCare(
  agent: AgentContext,
  submission: Submission,
): Promise<readonly Hex[]> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const needed = channel.thresholds.writes;
  const { type, message } = careCheckOf(agent, submission);
  const known = new Set(channel.coordinators.map(({ address }) => address));
  const signaturesIn = (
    given: readonly PromiseSettledResult<CoordinatorSignature>[],
  ): ReadonlyMap<Address, Hex> => {
    const sound = fulfilled(given).filter(({ coordinator, signature }) =>
      succeeds(
        () => known.has(coordinator) && signerOf(agent, type, message, signature) === coordinator,
      ),
    );
    return new Map(sound.map(({ coordinator, signature }) => [coordinator, signature]));
  };
  const answers = await askQuorum(agent, agent.coordinators, {
    ask: async (coordinator) => await coordinator.vouch(submission),
    least: needed,
    isDecided: (given, left) => {
      const got = organisationsBehind(channel, [...signaturesIn(given).keys()]);
      return got >= needed || got + left < needed;
    },
  });
  const signatures = signaturesIn(answers);
  const got = organisationsBehind(channel, [...signatures.keys()]);
  if (got >= needed) {
    return [...signatures]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([, signature]) => signature);
  }
  const why: unknown = answers.find((answer) => answer.status === 'rejected')?.reason;
  if (why !== undefined) throw toMedsealError(why);
  throw new MedsealError('VERDICTS_MISSING', { got, needed });
}
