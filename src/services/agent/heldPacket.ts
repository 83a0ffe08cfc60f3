import { logOf } from '../../protocol/networkLookups.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { keepNewest } from '../../protocol/keepNewest.ts';
import type { AgentContext } from './AgentContext.ts';

/** How many are remembered of those that enough organisations were found to keep. */
const MOST_HELD = 100_000;

type Agent = Pick<AgentContext, 'kept' | 'contributors' | 'heldSources' | 'log' | 'network'>;

/**
 * The packet of a grant for the newest epoch up to `epoch`, once as many organisations keep it as must agree on a view:
 * when the right ends, others than this one know how far its keys reach.
 *
 * @param agent - The agent's context.
 * @param grant - Digest of the grant.
 * @param epoch - The patient's present epoch.
 * @returns Undefined where there is none, or too few keep it yet.
 */
export async function heldPacket(
  agent: Agent,
  grant: Bytes32,
  epoch: number,
): Promise<Base64 | undefined> {
  const found = await agent.kept.packet(grant, epoch);
  if (found === undefined) return undefined;
  const { source, packet } = found;
  if (!agent.heldSources.has(source)) {
    if (!(await isHeld(agent, source))) return undefined;
    agent.heldSources.add(source);
    keepNewest(agent.heldSources, MOST_HELD);
  }
  return packet;
}

/** Asked are all at once, and a packet's first release waits for the slowest, as the verdicts before it did. */
async function isHeld({ contributors, log, network }: Agent, source: Bytes32): Promise<boolean> {
  const { channel } = logOf(network, log.identity.name);
  const members = new Set(channel.coordinators.map(({ organisation }) => organisation));
  const answers = await Promise.allSettled(
    [...contributors].map(async ([name, contributor]) => {
      const [copy] = members.has(name) ? await contributor.keptCopies([source]) : [];
      return copy ?? undefined;
    }),
  );
  const keeping = answers.filter(
    (answer) => answer.status === 'fulfilled' && answer.value !== undefined,
  );
  return keeping.length >= channel.thresholds.views;
}
