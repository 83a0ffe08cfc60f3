import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { fileInForce, followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';
import { verifySuccessorFork } from '../../protocol/network/verifySuccessorFork.ts';
import type { Party } from './Party.ts';

/** The network file that a node runs by, which follows from the pinned one. */
export interface FollowedNetwork {
  /** The file to open a party under. */
  readonly network: NetworkFile;
  /** The successors that lead to it and those to come, verified, for the device to keep; absent if it needs no others. */
  readonly successors?: SuccessorsFile;
}

/**
 * Follows a network's successors from the pinned file to the one that a node runs by. Nodes go on under a new file one after
 * another, so around its moment the file in force by the device's clock can be another than the node's. A device never goes
 * back: what it has followed before must be among the node's successors, and a file that was replaced is taken for an hour, as is one that begins within an hour.
 *
 * @param ports - Hashes, the curve and the clock.
 * @param known - The pinned file and the successors that the device has followed before, oldest first.
 * @param agent - The node; what it says is verified.
 * @throws MedsealError `NETWORK_FILE_OTHER` if the node runs by a file that does not follow, was replaced over an hour ago, or
 * begins in more than an hour; `NETWORK_FORKED` if the node proves that two successors of one file are signed, or has
 * another one than the device followed; `SUCCESSOR_INVALID`.
 * @example
 * ```ts
 * const followed = await followNetwork(webPorts, [network], agent);
 * const at = { network: followed.network, agent, log: 'care/hospital', device };
 * const doctor = await openParty({ ...webPorts, ...at, seed });
 * ```
 */
export async function followNetwork(
  ports: Pick<Party, 'primitives' | 'clock'>,
  known: readonly NetworkFile[],
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<FollowedNetwork> {
  const now = seconds(ports.clock);
  const theirs = await agent.network();
  const present = fileInForce(known, now);
  if (isSameNetworkFile(present, theirs)) return { network: present };
  const [pinned = present] = known;
  const successors = await agent.successors();
  const files = followSuccessors(ports, pinned, successors);
  const number = successors.fork?.successors[0]?.number ?? 0;
  // A fork before the pinned file was decided by whoever gave that file.
  if (number > numberOf(pinned)) {
    verifySuccessorFork(ports, pinned, successors);
    throw new MedsealError('NETWORK_FORKED', { number });
  }
  for (const file of known) {
    if (files.some((each) => isSameNetworkFile(each, file))) continue;
    // Both are signed by those whom the file before names.
    const rival = files.find((each) => numberOf(each) === numberOf(file));
    if (rival !== undefined) throw new MedsealError('NETWORK_FORKED', { number: numberOf(file) });
    const reason = 'the node lacks one that this device knows';
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  const network = files.find((file) => isSameNetworkFile(file, theirs));
  const next = network && files[files.indexOf(network) + 1];
  const isLate = (next?.before?.at(-1)?.until ?? Infinity) + HANDOVER <= now;
  // Those that a file names for later are not in office yet, whatever a node says.
  const isEarly = (network?.before?.at(-1)?.until ?? 0) > now + HANDOVER;
  if (network === undefined || isLate || isEarly) throw new MedsealError('NETWORK_FILE_OTHER', {});
  return { network, successors };
}
