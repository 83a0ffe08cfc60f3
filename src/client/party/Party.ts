import { addressOf } from '../../crypto/addressOf.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { rememberSignatures } from '../../crypto/rememberSignatures.ts';
import type { Random } from '../../crypto/Random.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import type { CreateSha256 } from '../../crypto/Sha256Stream.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import type { Address, Bytes32, LogName } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { KeyProof } from '../../protocol/struct/requests.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { agentAddress } from '../agent/httpAgent.ts';
import type { DeviceStore } from './DeviceStore.ts';
import type { SealBlob } from './SealBlob.ts';
import { memorySpool, type Spool } from './Spool.ts';

/** A party at one of its devices: its keys, the network that it trusts, and the agent that it talks to. */
export interface Party extends SigningContext {
  readonly network: NetworkFile;
  readonly agent: AgentPort;
  /** Log of the agent's organisation. */
  readonly log: LogName;
  readonly clock: Clock;
  readonly random: Random;
  readonly cipher?: PayloadCipher;
  readonly createSha256: CreateSha256;
  readonly spool: Spool;
  /** Seals a browser's file in another thread; in this one if absent. */
  readonly sealBlob?: SealBlob;
  /** Lets the page answer its visitor while much is verified; nothing waits if absent. */
  readonly pause?: () => Promise<void>;
  readonly device: DeviceStore;
  readonly address: Address;
  /** Its secrets, which nothing prints. */
  readonly keys: Pick<PartyKeys, 'seed' | 'signingKey' | 'identity'>;
  /** age recipient that others seal to. */
  readonly recipient: string;
  /** The changes that led from the party's first key to the present one, oldest first; absent before the first. */
  readonly keyChanges?: readonly KeyProof[];
  /** Former keys of the party, which open what was sealed to them; they sign nothing more. */
  readonly formerKeys?: readonly Pick<PartyKeys, 'seed' | 'identity'>[];
  /** Set if a representative acts for this party, which is a patient: see `actFor`. */
  readonly acting?: Acting;
}

/** The mandate by which a representative acts for a patient. */
export interface Acting {
  /** The representative: its own key signs evidence. */
  readonly by: Party;
  readonly mandate: Mandate;
  /** Digest of the mandate. */
  readonly digest: Bytes32;
  /** The key that appointed this one; absent if the patient did. */
  readonly appointer?: Address;
  /** age recipient of the patient, which the state of the patient's devices is sealed to as well. */
  readonly patient: string;
}

/** Options of `openParty`. */
export interface PartyOptions {
  /** 32 random bytes that all of the party's keys derive from. */
  readonly seed: Uint8Array;
  /** The party's address, which is that of its first key; needed if the seed is of a later one. */
  readonly address?: Address;
  /** The changes that led to the key of the seed, if the device has them; else the agent is asked. Not trusted. */
  readonly keyChanges?: readonly KeyProof[];
  /** Seeds of former keys of the party: they open what was sealed to these. */
  readonly formerSeeds?: readonly Uint8Array[];
  /** The pinned network file. */
  readonly network: NetworkFile;
  readonly agent: AgentPort;
  /** Log of the agent's organisation, such as `care/hospital`. */
  readonly log: LogName;
  readonly device: DeviceStore;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly random: Random;
  /** The payload cipher; the portable one if absent. */
  readonly cipher?: PayloadCipher;
  /** Starts a hash of a stream; the portable one if absent. */
  readonly createSha256?: CreateSha256;
  /** Place for sealed files that are too large for memory; memory if absent. */
  readonly spool?: Spool;
  /** Seals a browser's file in another thread, such as a worker; in this one if absent. */
  readonly sealBlob?: SealBlob;
  /** Lets the page answer its visitor while much is verified, as `webPorts` does; nothing waits if absent. */
  readonly pause?: () => Promise<void>;
}

/**
 * Opens a party from its seed, and checks that the agent uses the pinned network file. The changes that prove a later
 * key are given, or come from the agent; they are verified.
 *
 * @param options - Seed, network file, agent, device and the injected ports.
 * @throws MedsealError `KEY_UNAUTHENTIC` if the seed is not that of the party's present key; `SEED_MALFORMED`,
 * `PEER_UNREACHABLE`; `NETWORK_FILE_OTHER` if the agent uses another network file (`followNetwork` finds the one that
 * follows); `NOT_FOUND` for a log that the network does not have; `ARGUMENT_INVALID` if the agent's address is that of a node, which serves several.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed: phraseToSeed(phrase) });
 * ```
 */
export async function openParty(options: PartyOptions): Promise<Party> {
  // The seed itself is not in the party that callers copy and print.
  const { seed, keyChanges, formerSeeds, ...rest } = options;
  const { network, agent, log } = rest;
  const primitives = rememberSignatures(rest.primitives);
  logOf(network, log);
  if (!isSameNetworkFile(network, await agent.network())) {
    throw new MedsealError('NETWORK_FILE_OTHER', {});
  }
  await requireAgent(agent, log);
  const keys = new PartyKeys(seed);
  const domain = domainOf(network);
  const signer = addressOf(primitives, primitives.publicKey(keys.signingKey()));
  const { address = signer } = options;
  const context = { domain, primitives, network };
  const given = { address, signer, ...(keyChanges && { keyChanges }) };
  const proof = address === signer ? {} : await proofOf(context, agent, given);
  const formerKeys = formerSeeds?.map((former) => new PartyKeys(former));
  return {
    createSha256: portableSha256,
    spool: memorySpool,
    ...rest,
    primitives,
    domain,
    address,
    keys,
    ...proof,
    ...(formerKeys && { formerKeys }),
    recipient: await recipientOf(keys.identity(), options.cipher?.kem),
  };
}

/** The changes of key that lead to this key: those that were given, or those on the party's card. */
async function proofOf(
  context: SigningContext,
  agent: AgentPort,
  given: Pick<Party, 'address' | 'keyChanges'> & { readonly signer: Address },
): Promise<Pick<Party, 'keyChanges'>> {
  const { address, signer } = given;
  const proves = (changes: readonly KeyProof[] | undefined): boolean =>
    succeeds(() => keyAfter(context, address, changes) === signer);
  if (given.keyChanges !== undefined && proves(given.keyChanges)) {
    return { keyChanges: given.keyChanges };
  }
  const { keyChanges = [] } = await agent.card(address);
  if (!proves(keyChanges)) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'key' });
  return { keyChanges };
}

/**
 * Refuses the address of a node in place of an agent's, which is below it: the node gives its network file there too, and
 * nothing else. An address that ends with the organisation's name is not asked.
 */
async function requireAgent(agent: AgentPort, log: LogName): Promise<void> {
  const address = agentAddress(agent);
  const organisation = log.split('/').at(-1) ?? '';
  if (address === undefined || address.endsWith(`/${organisation}`)) return;
  try {
    await agent.checkpoint(log);
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND') || error.values.what !== 'path') return;
    const reason = `${address} is the address of a node; its agent of this log is at ${address}/${organisation}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'agent', reason });
  }
}
