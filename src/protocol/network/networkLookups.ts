import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, LogName, Organisation } from '../ids.ts';
import type { Channel, Founder, LogIdentity, NetworkFile } from './NetworkFile.ts';

/**
 * Returns the channel and identity of a log by its name.
 *
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function logOf(
  network: NetworkFile,
  name: LogName,
): { readonly channel: Channel; readonly log: LogIdentity } {
  for (const channel of network.channels) {
    const log = channel.logs.find((candidate) => candidate.name === name);
    if (log !== undefined) return { channel, log };
  }
  throw new MedsealError('NOT_FOUND', { what: 'log' });
}

/** Returns the channels that an organisation is in, each with the log that it appends to there. */
export function ownLogsOf(
  network: NetworkFile,
  organisation: Organisation,
): readonly { readonly channel: Channel; readonly log: LogIdentity }[] {
  return network.channels.flatMap((channel) => {
    const log = channel.logs.find((candidate) => candidate.organisation === organisation);
    return log === undefined ? [] : [{ channel, log }];
  });
}

/**
 * Returns the log that an organisation appends to, with its channel.
 *
 * @param network - The network file.
 * @param organisation - The organisation.
 * @param name - The channel's name; needed if the organisation is in several.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log of the organisation; `ARGUMENT_INVALID` if it
 * names several and no channel is named.
 */
export function ownLogOf(
  network: NetworkFile,
  organisation: Organisation,
  name?: string,
): { readonly channel: Channel; readonly log: LogIdentity } {
  const all = ownLogsOf(network, organisation);
  const [own, another] = all.filter(({ channel }) => name === undefined || channel.name === name);
  if (own === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  if (another === undefined) return own;
  const names = all.map(({ channel }) => channel.name).join(', ');
  const reason = `${organisation} is in several channels; name one of them: ${names}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: 'channel', reason });
}

/**
 * Returns the organisation whose node keeps the ledger: the first founder. Older files do not name founders; they have
 * one channel, whose first log is the founder's.
 */
export function founderOf({ founders, channels }: NetworkFile): Organisation {
  const logs = channels.flatMap((channel) => channel.logs);
  const [founder] = founders ?? logs;
  if (founder === undefined) throw new MedsealError('NOT_FOUND', { what: 'organisation' });
  return founder.organisation;
}

/** Returns the organisations' nodes as they are now; empty for older files, which name none. */
export function presentNodes({
  nodes,
  founders = [],
}: Pick<NetworkFile, 'founders' | 'nodes'>): readonly Founder[] {
  return nodes ?? founders;
}

/**
 * Returns the keys that the nodes of a network prove to have when they speak TLS with each other.
 *
 * @returns Undefined if the network file pins none: proxies in front of the nodes speak TLS for them.
 */
export function tlsKeysOf(network: NetworkFile): ReadonlyMap<Organisation, Bytes32> | undefined {
  const keys = presentNodes(network).flatMap(({ organisation, tls }) =>
    tls === undefined ? [] : [[organisation, tls] as const],
  );
  return keys.length === 0 ? undefined : new Map(keys);
}

/** Returns the office that the coordinators of a channel hold together, as the Registry has it. */
export function coordinatorsIn({ thresholds, coordinators }: Channel): NetworkFile['authority'] {
  return { threshold: thresholds.writes, members: coordinators };
}

/**
 * Returns the number of different organisations whose coordinators signed a statement.
 *
 * @param channel - Channel whose coordinators count.
 * @param signers - Addresses whose signatures were verified.
 */
export function organisationsBehind(
  channel: Pick<Channel, 'coordinators'>,
  signers: readonly Address[],
): number {
  const organisations = new Set<string>();
  for (const { address, organisation } of channel.coordinators) {
    if (signers.includes(address)) organisations.add(organisation);
  }
  return organisations.size;
}

/** An organisation's name as the ledger has it: ASCII padded with zeros to 32 bytes. */
export function organisationId(organisation: string): Bytes32 {
  if (!/^[a-z0-9-]{1,31}$/.test(organisation)) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'organisation' });
  }
  let text = '0x';
  for (const character of organisation) text += character.charCodeAt(0).toString(16);
  return text.padEnd(66, '0') as Bytes32;
}

/** Returns the organisation that an id on the ledger names. */
export function organisationName(id: Bytes32): string {
  let name = '';
  for (let at = 2; at < id.length; at += 2) {
    const code = Number.parseInt(id.slice(at, at + 2), 16);
    if (code !== 0) name += String.fromCharCode(code);
  }
  return name;
}
