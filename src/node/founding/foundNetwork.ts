import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { genesisHashOf } from '../../ledger/chain/genesis.ts';
import type { EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { channelNumbersOf } from '../../protocol/network/channelNumbers.ts';
import type { Member, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { createContracts } from './createContracts.ts';
import { creationsOf } from './creationsOf.ts';
import type { Founding } from '../../folder/Founding.ts';
import type { OrganisationIdentity } from '../../folder/OrganisationIdentity.ts';

/**
 * Puts a new network's contracts on its ledger and makes its network file. A founding that was interrupted goes on from
 * there.
 *
 * @param founding - The network's founding.
 * @param identities - The organisations' public keys; the first one's account creates the contracts.
 * @param ledger - The embedded ledger.
 * @param sender - The first organisation's account.
 * @param primitives - Hashes.
 */
export async function foundNetwork(
  founding: Founding,
  identities: readonly OrganisationIdentity[],
  ledger: EmbeddedLedger,
  sender: Sender,
  primitives: Primitives,
): Promise<NetworkFile> {
  const network = networkFileOf(founding, identities, primitives);
  await createContracts(network, ledger, sender);
  return network;
}

/**
 * Derives the network file of a network as it was founded, from its founding and the public keys.
 *
 * @param founding - The network's founding.
 * @param identities - The organisations' public keys; the first one's account creates the contracts.
 * @param primitives - Hashes.
 * @param chain - Name of the chain of the organisations' validators, if these hold the ledger.
 */
export function networkFileOf(
  founding: Founding,
  identities: readonly OrganisationIdentity[],
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
  chain = '',
): NetworkFile {
  const { networkId, threshold, faulty, thresholds, longestRight, delay } = founding;
  const { channel, categories, controlled, copies, release, claims, maxLedgerAge } = founding;
  const { chainId, timestamp, urls, tls: isTls = false, validators: run } = founding;
  const senders = identities.map(({ sender }) => sender);
  const genesisOf = (): Bytes32 =>
    run === undefined
      ? genesisHashOf(chainId, { timestamp, senders }, primitives)
      : bytesToHex(primitives.sha256(utf8ToBytes(chain)));
  const [founder] = identities;
  if (founder === undefined) throw new Error('a network has an organisation');
  const network: Omit<NetworkFile, 'contracts'> = {
    format: 'medseal-network/1',
    networkId,
    demo: founding.demo,
    ledger: founding.ledger ?? {
      chainId,
      genesis: genesisOf(),
      ...(urls && { timestamp }),
      ...(run && { chain }),
      ...(run && maxLedgerAge !== undefined && { maxAge: maxLedgerAge }),
    },
    ...(urls && {
      founders: identities.map(({ organisation, sender, tls }) => {
        const url = urls[organisation];
        const validator = run?.[organisation];
        return {
          organisation,
          sender,
          ...(url !== undefined && { url }),
          ...(isTls && tls !== undefined && { tls }),
          ...(validator && { validator }),
        };
      }),
    }),
    authority: { threshold, members: membersOf(identities, 'authority') },
    ...(longestRight !== undefined && { rights: { longest: longestRight } }),
    ...(delay !== undefined && { changes: { delay } }),
    ...(claims && { claims }),
    channels: [
      {
        name: channel,
        faulty,
        thresholds,
        ...(categories && { categories }),
        ...(controlled && { controlled }),
        ...(copies !== undefined && { copies }),
        ...channelNumbersOf(founding),
        ...(release && { release }),
        coordinators: membersOf(identities, 'coordinator'),
        logs: identities.map(({ organisation, log }) => {
          const origin = originOf(founding, organisation);
          const id = bytesToHex(primitives.sha256(utf8ToBytes(origin)));
          const key = verifierKeyOf(origin, hexToBytes(log));
          return { name: `${channel}/${organisation}`, organisation, origin, id, key };
        }),
      },
    ],
  };
  const created = creationsOf(network, founder.sender, founding.further ?? []).map(
    ({ contract, address }) => {
      return [contract, address] as const;
    },
  );
  const contracts = Object.fromEntries(created) as unknown as NetworkFile['contracts'];
  // The order of fields is that of files from before.
  const { authority, rights, changes, claims: _, channels, ...head } = network;
  const terms = {
    ...(rights && { rights }),
    ...(changes && { changes }),
    ...(claims && { claims }),
  };
  return { ...head, contracts, authority, ...terms, channels };
}

/** Returns the first line of a log's checkpoints: the network, the channel, the organisation. */
export function originOf(
  { networkId, channel }: Pick<Founding, 'networkId' | 'channel'>,
  organisation: string,
): string {
  return `medseal/${networkId.slice(2, 34)}/${channel}/${organisation}`;
}

function membersOf(
  identities: readonly OrganisationIdentity[],
  office: 'authority' | 'coordinator',
): Member[] {
  return identities.map((identity) => ({
    organisation: identity.organisation,
    address: identity[office],
  }));
}
