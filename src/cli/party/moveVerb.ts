import { moveParty } from '../../client/care/inbox/moveParty.ts';
import { servedBy } from '../../client/letters/servedBy.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { followAnywhere } from '../home/followAnywhere.ts';
import { findHome, nodesOf, rememberNode } from '../home/Home.ts';
import { chooseKey, keysOf, openKeyAt, reachNodeOf } from '../home/openVisitor.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { PARTY_MOVED } from './partyAnswers.ts';

/**
 * Moves a party to the node of another organisation, which its devices ask first from then on.
 *
 * @throws MedsealError `MOVE_REFUSED` if the organisation is not in the newest network file; `PARTY_UNKNOWN`,
 * `PARTY_SUSPENDED`, `KEY_CHANGED`; `PEER_UNREACHABLE`, `CLOSED`, `NETWORK_FILE_OTHER` of the node.
 */
export async function move(
  terminal: Terminal,
  organisation: Organisation,
  options: VisitorOptions,
): Promise<AnswerOf<typeof PARTY_MOVED>> {
  const home = findHome(options);
  const pinned = await readPinnedNetwork(options, home);
  const nodes = await nodesOf(home, options.url);
  // The node of one that left says nothing of that: whichever node knows of the newest file is asked.
  const known =
    options.network === undefined ? await followAnywhere({ home, known: pinned, nodes }) : pinned;
  const key = chooseKey(await keysOf(home, known, { ...options, told: terminal }), options);
  const own = key.organisation;
  if (own === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  requireMember(known, own, organisation);
  const there = { ...options, node: organisation };
  const reached = await reachNodeOf(terminal, { home, known, key }, there);
  const party = await openKeyAt(terminal, { home, key, ...reached }, options);
  const before = (await servedBy(party))?.organisation ?? own;
  await confirmSigning(terminal, { key, party }, [
    `  a move from the node of ${before} to that of ${organisation}`,
    '',
    `${organisation} sees from now on when you ask, and for what, as ${before} did; it opens none of your records.`,
    `You stay a ${key.role ?? 'party'} of ${own}, with your rights, and can move again.`,
  ]);
  const { url, already } = await moveParty(party);
  if (url !== undefined) await rememberNode(home, organisation, url);
  const { address } = party;
  return {
    value: { name: key.name, address, organisation, ...(url !== undefined && { url }), already },
    lines: [
      `The node of ${organisation} ${already ? 'serves' : 'now serves'} ${key.name}${url === undefined ? '' : `, at ${url}`}.`,
      `Other devices of ${key.name} follow with their next: ${calledAs('inbox')}`,
    ],
  };
}

/** Requires that an organisation is in the channel of the party's own. */
function requireMember(network: NetworkFile, own: Organisation, organisation: Organisation): void {
  const channel = network.channels.find(({ logs }) => logs.some((log) => log.organisation === own));
  const members = new Set(channel?.coordinators.map((each) => each.organisation));
  if (members.has(organisation)) return;
  const hasLeft = channel?.logs.some((log) => log.organisation === organisation) === true;
  const reason = hasLeft
    ? 'it has left the network'
    : `the network has ${[...members].join(', ')} alone`;
  throw new MedsealError('MOVE_REFUSED', { organisation, reason });
}
