import { existsSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { httpAgent } from '../../client/httpAgent.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { writeJsonFile } from '../../node/jsonFiles.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/parseNetworkFile.ts';
import { openFolder } from '../../vault/openFolder.ts';
import { readNetworkFile } from '../readPinnedNetwork.ts';
import type { HomeOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { short } from '../describeBody.ts';
import { findHome, writeHomeSettings } from './Home.ts';
import { nodesAt } from './Nodes.ts';

/** Options of `medseal join`. */
export interface JoinOptions extends HomeOptions {
  readonly fingerprint?: string;
}

/**
 * Pins a network's file on the device, and remembers where its nodes are. Safe to repeat; a pinned file is never
 * replaced by another.
 *
 * @param terminal - Asks whether a file that came from the node is the right one.
 * @param urls - Where the nodes are: an address, and those of organisations that are not below it.
 * @param options - See `medseal join --help`.
 * @throws MedsealError `NETWORK_FILE_OTHER` where the nodes, the device or the fingerprint say otherwise.
 */
export async function join(
  terminal: Terminal,
  urls: readonly string[],
  options: JoinOptions,
): Promise<Answer> {
  const home = findHome(options);
  const nodes = nodesAt(urls);
  const { url } = nodes;
  if (url === undefined) {
    const reason = 'one address must be without the name of an organisation';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
  const agent = httpAgent(url);
  const pinned = pathOf(home.path, 'network.json');
  const before = existsSync(pinned) ? await readNetworkFile(pinned) : undefined;
  const network =
    options.network === undefined ? await fetched(agent) : await readNetworkFile(options.network);
  const fingerprint = fingerprintOf(await createNativePrimitives(), network);
  if (options.fingerprint !== undefined && options.fingerprint.toLowerCase() !== fingerprint) {
    throw new MedsealError('NETWORK_FILE_OTHER', {});
  }
  const theirs = options.network === undefined ? network : await fetched(agent);
  for (const other of [before, theirs]) {
    if (other !== undefined && other.networkId !== network.networkId) {
      throw new MedsealError('NETWORK_FILE_OTHER', {});
    }
  }
  const told = options.network ?? options.fingerprint;
  if (before === undefined) {
    if (told === undefined) await terminal.confirm(question(network, fingerprint), 'Trust it?');
    await writeJsonFile(await openFolder(home.path), 'network.json', network);
  }
  const members = network.authority.members.map(({ organisation }) => organisation);
  const stranger = Object.keys(nodes.urls).find((name) => !members.includes(name));
  if (stranger !== undefined) {
    const reason = `the network has no ${stranger}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
  }
  await writeHomeSettings(home, nodes);
  const { networkId, demo } = network;
  return {
    value: { home: home.path, ...nodes, networkId, fingerprint, demo, organisations: members },
    lines: [
      `${home.path} belongs to the network ${short(networkId)} of ${members.join(', ')}, at ${url}.`,
    ],
  };
}

async function fetched(agent: Pick<AgentPort, 'network'>): Promise<NetworkFile> {
  return parseNetworkFile(await agent.network());
}

function question(network: NetworkFile, fingerprint: string): readonly string[] {
  const { members, threshold } = network.authority;
  return [
    `The node says that its network is ${network.networkId}`,
    `  of ${members.map(({ organisation }) => organisation).join(', ')}; ${threshold} of them must agree.`,
    '',
    'All trust starts from this. Ask someone you trust for the fingerprint, and compare:',
    '',
    `  ${fingerprint}`,
  ];
}
