import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { calledAs } from '../program/calledAs.ts';
import { askedFirst, isNotThere, whyNotAsked } from './Nodes.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** The node that a party is opened at. */
export interface ReachedNode {
  readonly organisation: Organisation;
  /** The file that the device and the node go by. */
  readonly network: NetworkFile;
  /** Channel of the party's organisation, for another one may be in several. */
  readonly channel?: string;
}

/** Choices of `reachNode`. */
export interface NodeChoices {
  /** The file in force, as the device knows it. */
  readonly known: NetworkFile;
  /** The party's own organisation. */
  readonly own: Organisation;
  /** The organisation that the party moved to, if it moved. */
  readonly moved?: Organisation | undefined;
  /** The organisation whose node was named; no other is asked then. */
  readonly named?: string | undefined;
  /** Tells whether the device knows the address of an organisation's node. */
  readonly hasAddress: (organisation: Organisation) => boolean;
  /** Tells whether that is its own: a device that knows one address takes it for all nodes, and it can be one node's alone. */
  readonly hasOwnAddress: (organisation: Organisation) => boolean;
  /** The agent of an organisation, which gives up soon. */
  readonly agentOf: (organisation: Organisation) => AgentPort;
  /** Follows the network's successors at a node, and returns the file that both go by. */
  readonly follow: (agent: AgentPort) => Promise<NetworkFile>;
}

/**
 * Finds the node that a party is opened at: that of the organisation that it moved to, or of its own, or if this left the
 * network or does not answer, that of another one in its channel. All that a node says is verified, so that any of them will
 * do. Says on the terminal which one it is, if it is another.
 *
 * @param terminal - Told.
 * @param options - The party's organisation, and the ways to the nodes.
 * @throws MedsealError `PEER_UNREACHABLE`, `CLOSED` or `NOT_FOUND` if none answers; `ARGUMENT_INVALID` if the named organisation is not in
 * the channel, or no address is known of any that is; errors of `follow`: a node that answers wrongly is no reason to ask
 * another one.
 */
export async function reachNode(
  terminal: Pick<Terminal, 'note'>,
  options: NodeChoices,
): Promise<ReachedNode> {
  const { known, own, moved = own, named, hasAddress, hasOwnAddress, agentOf, follow } = options;
  const channel = channelOf(known, own);
  const wanted = wantedIn(channel, options);
  let first: MedsealError | undefined;
  let hasLeft = !membersOf(channel).includes(moved);
  for (const organisation of wanted.filter(hasAddress)) {
    try {
      const network = await follow(agentOf(organisation));
      const present = network.channels.find(({ name }) => name === channel.name);
      const members = present === undefined ? [] : membersOf(present);
      hasLeft = !members.includes(moved);
      if (members.includes(organisation)) {
        if (organisation !== moved && named === undefined) tell(organisation);
        const isOther = organisation !== own;
        return { organisation, network, ...(isOther && { channel: channel.name }) };
      }
    } catch (error) {
      if (!isNotThere(error)) throw error;
      first ??= error;
    }
  }
  const unknown = wanted.filter(
    (each) => !hasAddress(each) || (each !== own && !hasOwnAddress(each)),
  );
  if (unknown.length > 0 && named === undefined) {
    terminal.note(`Another node may serve you: add ${unknown.map(addressOf).join(' or ')}.`);
  }
  if (first !== undefined) throw first;
  const reason = `no address is known of a node in the network; give one, as ${(unknown[0] ?? own) + '=https://…'}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });

  function tell(organisation: Organisation): void {
    const why = whyNotAsked(moved, hasLeft);
    terminal.note(`${why}: the node of ${organisation} is asked in its place.`);
    // One that is away comes back.
    if (hasLeft) terminal.note(`To stay there: ${calledAs(`party move ${organisation}`)}`);
  }
}

/** The channel of a party's organisation: the first that it has a log in, whether it is still a member or left. */
function channelOf(network: NetworkFile, own: Organisation): Channel {
  const found = network.channels.find(({ logs }) =>
    logs.some(({ organisation }) => organisation === own),
  );
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  return found;
}

/** Organisations whose nodes may be asked, in this order. */
function wantedIn(
  channel: Channel,
  { own, moved, named }: Pick<NodeChoices, 'own' | 'moved' | 'named'>,
): readonly Organisation[] {
  const members = membersOf(channel);
  if (named === undefined) return askedFirst(moved, askedFirst(own, members));
  if (members.includes(named)) return [named];
  const reason = `the network has ${members.join(', ')}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--node', reason });
}

function membersOf({ coordinators }: Channel): readonly Organisation[] {
  return [...new Set(coordinators.map(({ organisation }) => organisation))];
}

function addressOf(organisation: Organisation): string {
  return `--url ${organisation}=https://…`;
}
