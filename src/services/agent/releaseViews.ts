import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { promisesOf, sizesOf } from '../../protocol/evidence/promisesOf.ts';
import type { ReleaseAsked } from '../../protocol/release/ReleaseAsked.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { releasedName, viewInEntry } from '../../protocol/release/releasedView.ts';
import { sealHash } from '../../protocol/release/releasedShare.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { finalRefusal } from '../../protocol/release/refusalsOf.ts';
import { releasePending } from '../../protocol/release/releasePending.ts';
import { verifyRelease } from '../../protocol/release/verifyRelease.ts';
import type { ViewToRelease } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';
import { acknowledgementAt, versionOf } from './chart.ts';

/**
 * Asks all coordinators for the shares that open record versions whose views stand in the log, and returns those of as many
 * organisations as it takes for each view, or what came if too few can release it: the organisations of one view need not be those of another. A view that too few can release
 * does not keep the others waiting. It has the log checkpointed first, if coordinators wait
 * for that. It sees only what is sealed to the reader.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `QUOTA_SPENT`; `LOG_CLOSED`; `RELEASE_PENDING` if nobody answers now; the refusal of so many coordinators that it cannot change;
 * `NOT_FOUND` if the log has no such view, or the channel no release key.
 */
export async function releaseViews(
  agent: AgentContext,
  { recipient, views, key: id, without = [], ...support }: ReleaseAsked,
): Promise<readonly ReleasedShares[]> {
  const log = agent.log.identity.name;
  const key = releaseKeyOf(agent.network, log, id);
  if (key === undefined) throw new MedsealError('NOT_FOUND', { what: 'release key' });
  const { threshold } = key;
  await agent.requireOpen();
  const named = new Set(views.map(({ index, pair }) => `${index} ${pair?.nth ?? ''}`));
  if (named.size === 0 || named.size < views.length) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'views' });
  }
  const read = await Promise.all(
    views.map(async ({ index, place, pair, seal, encapsulation }) => {
      const view = await acknowledgementAt(agent.log, index);
      const body = JSON.parse(view.body) as Body;
      const seen = viewInEntry(agent.primitives, body, pair);
      const message = seen?.message;
      // Whoever does not know the recipient of a view learns nothing, and costs the coordinators nothing.
      const isTheirs = message?.salt === readerSalt(agent.primitives, recipient, place);
      if (message === undefined || !isTheirs) throw new MedsealError('NOT_FOUND', { what: 'view' });
      const isOfRecord = message.what === 'record';
      const record = isOfRecord ? await versionOf(agent, message) : undefined;
      if (isOfRecord && record === undefined) throw new MedsealError('NOT_FOUND', { what: 'view' });
      const asked = { view, place, ...(pair && { pair }), seal, encapsulation };
      const wanted: ViewToRelease = { ...asked, ...(record && { record }), ...support };
      const leaf = seen?.leaf;
      const name = releasedName(agent.primitives, { entry: view.entry, ...(leaf && { leaf }) });
      return { party: body.request.party, name, wanted };
    }),
  );
  for (const { party } of read) {
    agent.accounts.note(party);
    agent.releases.take(party);
  }
  const wanted = read.map((each) => each.wanted);
  const seals = new Map(
    read.map((each) => [each.name, sealHash(agent.primitives, each.wanted)] as const),
  );
  const { forks } = promisesOf(sizesOf(logOf(agent.network, log).channel, threshold));
  const block = forks
    ? await checkpointed(agent, Math.max(...views.map(({ index }) => index)))
    : undefined;
  const answers = await askQuorum(agent, agent.coordinators, {
    async ask(coordinator) {
      const released = await coordinator.release({
        log,
        recipient,
        views: wanted,
        ...(id !== undefined && { key: id }),
        ...(block !== undefined && { block }),
      });
      const by = verifyRelease(agent, agent.network, log, { recipient, seals }, released, key);
      return { released, by: by !== undefined && without.includes(by) ? undefined : by };
    },
    least: threshold,
    // If they are too few, the reader is told whose are missing: one that is about to answer is not among them.
    isDecided: (given, left, hopeful) => hopeful === 0 || isEnough(fulfilled(given), left),
  });
  const refusals = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [toMedsealError(answer.reason)] : [],
  );
  const final = finalRefusal(key, refusals);
  if (final !== undefined) throw final;
  const given = fulfilled(answers);
  // Too few for a view say all the same why.
  if (organisationsIn(given).length === 0) throw releasePending(key, []);
  return given.map(({ released }) => released);

  /** Tells whether enough released for some view, and as many for each other one as can with those that are still to answer. */
  function isEnough(some: readonly Answer[], left: number): boolean {
    const counts = [...seals.keys()].map((name) => {
      return organisationsIn(some.filter(({ released }) => released.entries.includes(name))).length;
    });
    const least = threshold - left;
    return (
      counts.some((count) => count >= threshold) &&
      counts.every((count) => count >= threshold || count < least)
    );
  }
}

/**
 * Has the log checkpointed over a place now, whatever its pace: coordinators release nothing before.
 * @returns The ledger's block with the checkpoint; undefined if none could be made, which the coordinators find as well.
 */
async function checkpointed(
  { log, administrator, onFailure }: AgentContext,
  index: number,
): Promise<number | undefined> {
  if ((await log.checkpointCovering(index)) === undefined) {
    await administrator.checkpoint().catch(onFailure);
  }
  return (await log.checkpointCovering(index))?.ledger.block;
}

interface Answer {
  readonly released: ReleasedShares;
  /** The organisation that released them; undefined if its statement does not hold, or is not wanted. */
  readonly by: Organisation | undefined;
}

function organisationsIn(answers: readonly Answer[]): readonly Organisation[] {
  return [...new Set(answers.flatMap(({ by }) => by ?? []))];
}
