import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ChannelWish } from '../../folder/Founding.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type {
  Channel,
  Founder,
  LogIdentity,
  Member,
  NetworkFile,
} from '../../protocol/network/NetworkFile.ts';
import type { SuccessorTerms } from '../../protocol/network/successorOf.ts';
import { authorityThreshold } from '../founding/authorityThreshold.ts';
import { channelTerms, thresholdOf } from '../founding/channelTerms.ts';
import { originOf } from '../founding/foundNetwork.ts';
import type { IdentityFile } from '../founding/identityFiles.ts';

/** A wish to change who is in a network, or with which keys and addresses. */
export interface NetworkWish extends ChannelWish {
  /** First second at which it holds. */
  readonly from: number;
  /** Identity files of organisations that join, or that have other keys or another address. */
  readonly identities?: readonly IdentityFile[];
  /** Organisations whose identity files name other keys of their logs: so no other organisation takes their place. */
  readonly newKeys?: readonly Organisation[];
  /** Organisations that leave. */
  readonly leaving?: readonly Organisation[];
  /** The channel; needed if there are several. */
  readonly channel?: string;
  /** Threshold of the authority; that of before, or, if it has another number of members, that of a founding. */
  readonly authority?: number;
  /** Stakes of organisations' validators, if they are not to stay as they are; 0 for none. */
  readonly stakes?: ReadonlyMap<Organisation, number>;
}

/**
 * Returns the terms of the successor of a network file that a wish asks for.
 *
 * @param primitives - SHA-256.
 * @param network - The file before.
 * @param wish - Organisations that join, leave, or have other keys.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be granted.
 */
export function changedTerms(
  primitives: Pick<Primitives, 'sha256'>,
  network: NetworkFile,
  wish: NetworkWish,
): SuccessorTerms {
  const { identities = [], leaving = [], from } = wish;
  const [only, another] = network.channels.filter(
    ({ name }) => wish.channel === undefined || wish.channel === name,
  );
  if (only === undefined || another !== undefined) {
    throw invalid('channel', `name one of ${network.channels.map(({ name }) => name).join(', ')}`);
  }
  const known = network.authority.members.map(({ organisation }) => organisation);
  const stranger = leaving.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw invalid('leave', `${stranger} is not in the network: ${known.join(', ')} are`);
  }
  if (known.every((name) => leaving.includes(name))) {
    throw invalid('leave', 'nobody stays in the network');
  }
  requireOnce(identities, leaving);
  requireOwn(network, identities);
  const unknown = wish.newKeys?.find(
    (name) => !identities.some(({ organisation }) => organisation === name),
  );
  if (unknown !== undefined) throw invalid('new-keys', `give the identity file of ${unknown}`);
  const stays = ({ organisation }: { readonly organisation: Organisation }): boolean =>
    !leaving.includes(organisation);
  const members = changed(
    network.authority.members.filter(stays),
    identities.map(({ organisation, authority: address }) => ({ organisation, address })),
  );
  const coordinators = changed(
    only.coordinators.filter(stays),
    identities.map(({ organisation, coordinator: address }) => ({ organisation, address })),
  );
  const before = { ...only, organisations: only.coordinators.length };
  const terms = channelTerms(wish, coordinators.length, before);
  const { faulty } = terms;
  const { authority } = network;
  const isSameAuthority = members.length === authority.members.length && faulty === only.faulty;
  const threshold = isSameAuthority
    ? authority.threshold
    : authorityThreshold(members.length, faulty);
  const logs = changed(only.logs, identities.map(logIn(primitives, network, only, wish)));
  const channel: Channel = {
    name: only.name,
    ...terms,
    // Shares are dealt again once the rest is known.
    ...(only.release && { release: only.release }),
    ...(only.formerReleases && { formerReleases: only.formerReleases }),
    coordinators,
    logs,
  };
  const present = presentNodes(network);
  const nodes = staked(
    network,
    wish,
    changed(present.filter(stays), identities.map(nodeOf(present))),
  );
  return {
    from,
    authority: {
      threshold: thresholdOf('authority', wish.authority ?? threshold, {
        organisations: members.length,
        faulty: 0,
      }),
      members,
    },
    channels: network.channels.map((each) => (each === only ? channel : each)),
    ...(network.founders && { nodes }),
  };
}

/** Replaces what has the same organisation, in its place, and adds the rest. */
function changed<Named extends { readonly organisation: Organisation }>(
  present: readonly Named[],
  given: readonly Named[],
): readonly Named[] {
  const replaced = present.map(
    (each) => given.find(({ organisation }) => organisation === each.organisation) ?? each,
  );
  const names = new Set(present.map(({ organisation }) => organisation));
  return [...replaced, ...given.filter(({ organisation }) => !names.has(organisation))];
}

/** Refuses a wish that names an organisation twice, which could mean either. */
function requireOnce(identities: readonly IdentityFile[], leaving: readonly Organisation[]): void {
  const names = identities.map(({ organisation }) => organisation);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw invalid('identity', `two files are of ${twice}: give the newer one`);
  }
  const both = names.find((name) => leaving.includes(name));
  if (both === undefined) return;
  throw invalid('identity', `${both} is to leave too: give its file in a change after that`);
}

/** Refuses a key or an address that another organisation has, or gives too. */
function requireOwn(network: NetworkFile, identities: readonly IdentityFile[]): void {
  const { authority, channels } = network;
  const named = channels.flatMap(({ coordinators }) => coordinators);
  const known = presentNodes(network).map((node) => {
    const { organisation } = node;
    const of = (members: readonly Member[]): string | undefined =>
      members.find((member) => member.organisation === organisation)?.address;
    return { ...node, authority: of(authority.members), coordinator: of(named) };
  });
  const all = [...known, ...identities].flatMap((each) => {
    const { organisation, url, sender, tls, validator, coordinator } = each;
    const values = {
      'key of the validator': validator?.key,
      'node id of the validator': validator?.node,
      'address of the validator': validator?.address,
      'address of the node': url,
      'TLS key': tls,
      account: sender,
      'key of the coordinator': coordinator,
      'key of the member of the authority': each.authority,
    };
    return Object.entries(values).map(([what, value]) => ({ organisation, what, value }));
  });
  const names = new Set(identities.map(({ organisation }) => organisation));
  for (const { organisation, what, value } of all) {
    if (value === undefined || !names.has(organisation)) continue;
    const other = all.find((each) => each.value === value && each.organisation !== organisation);
    if (other === undefined) continue;
    throw invalid(
      'identity',
      `the ${what} of ${organisation} is that of ${other.organisation}: each has its own`,
    );
  }
}

/** The log of an organisation, with the key that its identity file names. */
function logIn(
  primitives: Pick<Primitives, 'sha256'>,
  { networkId }: NetworkFile,
  { name: channel, logs, coordinators }: Channel,
  { newKeys = [] }: NetworkWish,
): (identity: IdentityFile) => LogIdentity {
  return ({ organisation, log }) => {
    const origin = originOf({ networkId, channel }, organisation);
    const key = verifierKeyOf(origin, hexToBytes(log));
    const own = logs.find((each) => each.organisation === organisation);
    if (own !== undefined && !coordinators.some((each) => each.organisation === organisation)) {
      const reason = `${organisation} left the network, and its log has ended`;
      throw invalid('identity', `${reason}: it joins in a new folder, under another name`);
    }
    if (own !== undefined && own.key !== key && !newKeys.includes(organisation)) {
      const reason = `${organisation} is in the network, and its log has another key`;
      const next = 'another organisation needs another name';
      throw invalid('identity', `${reason}: name it with --new-keys, or ${next}`);
    }
    const id = bytesToHex(primitives.sha256(utf8ToBytes(origin)));
    return { name: `${channel}/${organisation}`, organisation, origin, id, key };
  };
}

function nodeOf(before: readonly Founder[]): (identity: IdentityFile) => Founder {
  return ({ organisation, sender, url, tls, validator }) => {
    const own = before.find((each) => each.organisation === organisation);
    // One that joins begins with as much as the smallest has.
    const least = Math.min(...before.flatMap((each) => each.validator?.stake ?? []));
    const held = validator
      ? { ...validator, stake: own?.validator?.stake ?? least }
      : own?.validator;
    return { organisation, sender, url, ...(tls && { tls }), ...(held && { validator: held }) };
  };
}

/** The nodes with the stakes that were asked for. */
function staked(
  { ledger }: NetworkFile,
  { stakes = new Map() }: NetworkWish,
  nodes: readonly Founder[],
): readonly Founder[] {
  const isHeld = nodes.some(({ validator }) => validator !== undefined);
  if (ledger.chain === undefined && isHeld) {
    throw invalid('identity', 'it names a validator, but the ledger is at one organisation');
  }
  for (const name of stakes.keys()) {
    const node = nodes.find(({ organisation }) => organisation === name);
    if (node?.validator === undefined) throw invalid('stake', `${name} names no validator`);
  }
  return nodes.map(({ validator, ...node }) => {
    const stake = stakes.get(node.organisation) ?? validator?.stake ?? 0;
    return validator && stake > 0 ? { ...node, validator: { ...validator, stake } } : node;
  });
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
