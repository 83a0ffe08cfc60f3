import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { DepositCopy } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** Number of packets that are remembered as kept by enough organisations. */
const MOST_HELD = 100_000;

type Agent = Pick<
  AgentContext,
  | 'deposits'
  | 'contributor'
  | 'contributors'
  | 'heldSources'
  | 'index'
  | 'log'
  | 'network'
  | 'clock'
  | 'circuits'
>;

/**
 * Returns the packet of a grant for the newest epoch up to `epoch`, on two conditions. No newer one, which may have
 * taken it back, came to the others while this node was away. And a quorum for a view shows that it keeps the packet,
 * so that others than this node know how far its keys reach when the right ends. A packet that came with its grant is
 * released only if the ledger took the grant before the keys turned: the patient may have destroyed keys since.
 *
 * @param agent - The agent's context.
 * @param grant - Digest of the grant.
 * @param epoch - The patient's present epoch.
 * @returns Undefined if there is no packet, or too few keep it yet, or too few of the others say what came meanwhile,
 * or the ledger took the grant in a later epoch.
 */
export async function releasablePacket(
  agent: Agent,
  grant: Bytes32,
  epoch: number,
): Promise<Base64 | undefined> {
  if (!(await agent.contributor.isAbreast())) return undefined;
  const found = await agent.deposits.packet(grant, epoch);
  if (found === undefined) return undefined;
  const { source, packet } = found;
  // An empty one takes the place of a packet that the patient took back.
  if (packet === '') return undefined;
  if (!agent.heldSources.has(source)) {
    if (!(await isHeld(agent, found))) return undefined;
    agent.heldSources.add(source);
    keepNewest(agent.heldSources, MOST_HELD);
  }
  return packet;
}

async function isHeld(
  agent: Agent,
  { source, grant, epoch }: Awaited<ReturnType<DepositStore['packet']>> & object,
): Promise<boolean> {
  const [own] = await agent.deposits.copies.give([source]);
  if (own === undefined || own === null) return false;
  if (isOfGrant(own) && (agent.index.granted(grant)?.epoch ?? 0) > epoch) return false;
  const wanted = spellingOf(own);
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const { views } = channel.thresholds;
  const members = new Set(channel.coordinators.map(({ organisation }) => organisation));
  const keepers = [...agent.contributors].flatMap(([name, port]) =>
    members.has(name) ? [port] : [],
  );
  const answers = await askQuorum(agent, keepers, {
    ask: async (keeper) => {
      const [copy] = await keeper.keptCopies([source]);
      // A peer that gives the packet has it; its word alone would not show that.
      return succeeds(() => spellingOf(copy) === wanted);
    },
    least: views,
    // A peer that does not keep it yet will: the next view asks again, and waits for no silent peer.
    isDecided: (given, _left, hopeful) => {
      const kept = keeping(given);
      return kept >= views || (kept < fulfilled(given).length && kept + hopeful < views);
    },
  });
  return keeping(answers) >= views;
}

/** Tells whether it came with the grant that it is for. */
function isOfGrant(copy: DepositCopy): boolean {
  return 'submission' in copy && copy.submission.request.type === 'Grant';
}

/** All of a copy but a patient's state, which goes once there is a newer one. */
function spellingOf(copy: DepositCopy | null | undefined): string {
  if (copy === null || copy === undefined || !('patient' in copy)) return canonicalJson(copy);
  const { state: _, ...patient } = copy.patient;
  return canonicalJson({ patient });
}

/** Returns the number that keep it. */
function keeping(answers: readonly PromiseSettledResult<boolean>[]): number {
  return fulfilled(answers).filter(Boolean).length;
}
