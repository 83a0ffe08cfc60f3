import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { contractCreations } from '../../bindings/contractCreations.ts';
import { genesisHashOf } from '../../ledger/chain/genesis.ts';
import type { EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Member, NetworkFile } from '../../protocol/NetworkFile.ts';
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
  const creations = creationsOf(founding, identities, sender.address);
  const done = await ledger.request({
    method: 'eth_getTransactionCount',
    params: [sender.address, 'latest'],
  });
  for (const { data } of creations.slice(Number(done))) await sender.send({ data });
  return networkFileOf(founding, identities, primitives);
}

/** Returns the transactions that create the contracts of a network. */
function creationsOf(
  founding: Founding,
  identities: readonly OrganisationIdentity[],
  deployer: Address,
): ReturnType<typeof contractCreations> {
  const { networkId, threshold, thresholds, longestRight } = founding;
  const authority = { threshold, members: membersOf(identities, 'authority') };
  const members = membersOf(identities, 'coordinator');
  const coordinators = { threshold: thresholds.writes, members };
  const rights = longestRight === undefined ? {} : { longestRight };
  return contractCreations({ networkId, authority, coordinators, ...rights, deployer, nonce: 0 });
}

/**
 * Derives the network file of a network as it was founded, from its founding and the public keys.
 *
 * @param founding - The network's founding.
 * @param identities - The organisations' public keys; the first one's account creates the contracts.
 * @param primitives - Hashes.
 */
export function networkFileOf(
  founding: Founding,
  identities: readonly OrganisationIdentity[],
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
): NetworkFile {
  const { networkId, threshold, faulty, thresholds, longestRight, channel } = founding;
  const { chainId, timestamp, urls, tls: isTls = false } = founding;
  const senders = identities.map(({ sender }) => sender);
  const genesis = genesisHashOf(chainId, { timestamp, senders }, primitives);
  const [founder] = identities;
  if (founder === undefined) throw new Error('a network has an organisation');
  const creations = creationsOf(founding, identities, founder.sender);
  const [registry, consent, evidence] = creations.map(({ address }) => address);
  if (registry === undefined || consent === undefined || evidence === undefined) {
    throw new Error('a network has three contracts');
  }
  return {
    format: 'medseal-network/1',
    networkId,
    demo: founding.demo,
    ledger: { chainId, genesis, ...(urls && { timestamp }) },
    ...(urls && {
      founders: identities.map(({ organisation, sender, tls }) => {
        const url = urls[organisation];
        return {
          organisation,
          sender,
          ...(url !== undefined && { url }),
          ...(isTls && tls !== undefined && { tls }),
        };
      }),
    }),
    contracts: { registry, consent, evidence },
    authority: { threshold, members: membersOf(identities, 'authority') },
    ...(longestRight !== undefined && { rights: { longest: longestRight } }),
    channels: [
      {
        name: channel,
        faulty,
        thresholds,
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
}

/** Returns the first line of a log's checkpoints: the network, the channel, the organisation. */
function originOf(
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
