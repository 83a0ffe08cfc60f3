import { httpAgent } from '../client/agent/httpAgent.ts';
import { followNetwork } from '../client/party/followNetwork.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { systemClock } from '../folder/systemClock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
import { openFolder } from '../folder/openFolder.ts';
import {
  followedPath,
  readFollowed,
  readIfPinned,
  readNetworkFile,
} from './home/readPinnedNetwork.ts';
import type { HomeOptions } from './program/sharedOptions.ts';
import type { AnswerOf } from './terminal/Answer.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { short } from './describeBody.ts';
import { findHome, writeHomeSettings, type Home } from './home/Home.ts';
import { agentUrl, nodesAt } from './home/Nodes.ts';
import { calledAs } from './program/calledAs.ts';
import type { NETWORK_JOINED } from './networkAnswers.ts';

/** Options of `medseal join`. */
export interface JoinOptions extends HomeOptions {
  readonly fingerprint?: string;
}

/**
 * Pins a network's file on the device, and remembers where its nodes are. Safe to repeat; a pinned file is never
 * replaced by another.
 *
 * @throws MedsealError `FINGERPRINT_OTHER` if the node, the device, the file and the fingerprint that were told do not
 * all name the same network file; `ARGUMENT_INVALID` if an address is not one of nodes.
 */
export async function join(
  terminal: Terminal,
  urls: readonly string[],
  options: JoinOptions,
): Promise<AnswerOf<typeof NETWORK_JOINED>> {
  const home = findHome(options);
  const nodes = nodesAt(urls);
  const { url } = nodes;
  if (url === undefined) {
    const reason = 'give one address without an organisation’s name';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
  const agent = httpAgent(url);
  const primitives = await createNativePrimitives();
  const before = await readIfPinned(home);
  const given = options.network === undefined ? undefined : await readNetworkFile(options.network);
  const theirs = await asPinned(home, before ?? given, agent);
  const network = given ?? theirs;
  const fingerprint = fingerprintOf(primitives, network);
  const expected = options.fingerprint?.toLowerCase() ?? fingerprint;
  // All of them are one file, or nothing is pinned, and nothing that was pinned is said to be right.
  const others = {
    'that was named': given,
    'of the node': theirs,
    'that this device has pinned': before,
  };
  for (const [what, other] of Object.entries(others)) {
    const found = other === undefined ? expected : fingerprintOf(primitives, other);
    if (found !== expected) throw new MedsealError('FINGERPRINT_OTHER', { what, found, expected });
  }
  const members = network.authority.members.map(({ organisation }) => organisation);
  const stranger = Object.keys(nodes.urls).find((name) => !members.includes(name));
  if (stranger !== undefined) {
    const reason = `the network has no organisation ${stranger}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
  for (const name of members) agentUrl({ url, urls: {} }, name);
  for (const name of Object.keys(nodes.urls)) agentUrl(nodes, name);
  const told = options.network ?? options.fingerprint;
  if (before !== undefined || told !== undefined) terminal.changing();
  if (before === undefined) {
    if (told === undefined) await terminal.confirm(question(network, fingerprint), 'Trust it?');
    await writeJsonFile(await openFolder(home.path), 'network.json', network);
  }
  await writeHomeSettings(home, nodes);
  const { networkId, demo } = network;
  return {
    value: { home: home.path, ...nodes, networkId, fingerprint, demo, organisations: members },
    lines: [
      `The device ${home.path} now belongs to the network ${short(networkId)} of ${members.join(', ')}, at ${url}.`,
      `Next: ${calledAs('key new <name>')}`,
    ],
  };
}

/**
 * The network file of a node, or the pinned one, if the node's follows from that: it is signed by those whom the pinned one
 * names.
 */
async function asPinned(
  home: Home,
  pinned: NetworkFile | undefined,
  agent: Pick<AgentPort, 'network' | 'successors'>,
): Promise<NetworkFile> {
  const theirs = parseNetworkFile(await agent.network());
  if (pinned === undefined) return theirs;
  const ports = { primitives: await createNativePrimitives(), clock: systemClock };
  try {
    await followNetwork(ports, await readFollowed(pinned, followedPath(home)), agent);
    return pinned;
  } catch (error) {
    const isOther = ['NETWORK_FILE_OTHER', 'SUCCESSOR_INVALID'] as const;
    if (isOther.some((code) => isMedsealError(error, code))) return theirs;
    throw error;
  }
}

function question(network: NetworkFile, fingerprint: string): readonly string[] {
  const { members, threshold } = network.authority;
  return [
    `The node says that its network is ${network.networkId}`,
    `  of ${members.map(({ organisation }) => organisation).join(', ')}; a quorum is ${threshold} of them.`,
    '',
    'All trust starts from this network file. Compare its fingerprint with someone you trust:',
    '',
    `  ${fingerprint}`,
  ];
}
