import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { agentAt, hasNode, isAway, promptAgentAt, whyNotAsked, type Nodes } from '../home/Nodes.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/**
 * Finds the agent that shows a log: that of the organisation which appends to it, or if this left the network or is away, one
 * that has a copy.
 *
 * @param terminal - Told if it is a copy.
 * @param at - The network file in force, and the addresses of nodes.
 * @param name - The log.
 * @throws MedsealError `NOT_FOUND` for a log that the network does not have; `ARGUMENT_INVALID` if no address is known;
 * `PEER_UNREACHABLE` or `CLOSED` if no node that has it answers.
 */
export async function agentOfLog(
  terminal: Pick<Terminal, 'note'>,
  { network, nodes }: { readonly network: NetworkFile; readonly nodes: Nodes },
  name: LogName,
): Promise<AgentPort> {
  const { channel, log } = logOf(network, name);
  const own = log.organisation;
  const members = new Set(channel.coordinators.map(({ organisation }) => organisation));
  const hasLeft = !members.delete(own);
  const others = [...members].filter((organisation) => hasNode(nodes, organisation));
  let first: MedsealError | undefined;
  for (const organisation of hasLeft ? others : [own, ...others]) {
    try {
      await requireLog(promptAgentAt(nodes, organisation), name);
      if (organisation !== own) tell(organisation);
      return agentAt(nodes, organisation);
    } catch (error) {
      if (!isAway(error)) throw error;
      first ??= error;
    }
  }
  // Of one that left, and nobody else's address is known, this says which addresses there can be.
  throw first ?? missing([...members]);

  function tell(organisation: Organisation): void {
    const why = whyNotAsked(own, hasLeft);
    terminal.note(`${why}: its log is shown as ${organisation} has copied it.`);
  }
}

/** Requires that a node has a log; it may have no checkpoint yet. */
async function requireLog(agent: AgentPort, log: LogName): Promise<void> {
  try {
    await agent.checkpoint(log);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_YET')) throw error;
  }
}

function missing(members: readonly Organisation[]): MedsealError {
  const reason = `give the address of a node that has the log, as ${members[0] ?? 'hospital'}=https://…`;
  return new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
}
