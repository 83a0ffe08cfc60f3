import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { findParty } from '../../client/party/findParty.ts';
import type { KnownRight } from '../../client/party/knownRights.ts';
import type { Party } from '../../client/party/Party.ts';
import { preparedIn } from '../../client/epochs/epochIdentity.ts';
import { restoreRights } from '../../client/rights/restoreRights.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { phraseToSeed } from '../../crypto/keys/phrase.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { keySignerOf, writeKey, type KeyFile } from '../../device/keystore.ts';
import { addressOfSeed } from '../../crypto/keys/addressOfSeed.ts';
import { openSeedParty } from '../../device/openKeystoreParty.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import { followAnywhere } from '../home/followAnywhere.ts';
import { findHome, nodesOf, type Home } from '../home/Home.ts';
import { agentAt, promptAgentAt } from '../home/Nodes.ts';
import { readGivenText, readPiped } from '../program/readGiven.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keysHere } from './keysHere.ts';
import { keepSeed, requireFree } from './newKey.ts';
import { calledAs } from '../program/calledAs.ts';
import type { KEY_RESTORED } from './keyAnswers.ts';
import { withKeyLocked } from './withKeyLocked.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { KEY_RESTORE } from './keyOptions.ts';

type RestoreKeyOptions = VisitorOptions & OptionsOf<typeof KEY_RESTORE>;

/**
 * Brings a key back from its phrase. If the device has joined a network, coordinators say what its owner is there, and
 * what a patient's devices know, or the rights that others gave the party, come back from the nodes.
 *
 * @throws MedsealError `PHRASE_INVALID`, `PASSPHRASE_WEAK`; `KEY_CHANGED` if the party has taken another key since; what
 * `restorePatient` throws.
 */
export async function restoreKey(
  terminal: Terminal,
  name: string,
  options: RestoreKeyOptions,
): Promise<AnswerOf<typeof KEY_RESTORED>> {
  const home = findHome(options);
  const seed = phraseToSeed(await readPhrase(terminal, options));
  const isHere = (await keysHere(home)).some((key) => key.name === name);
  const restoring = async (): Promise<AnswerOf<typeof KEY_RESTORED>> =>
    await restoreSeed(terminal, home, { name, seed }, options);
  return isHere ? await withKeyLocked(home, name, restoring) : await restoring();
}

async function restoreSeed(
  terminal: Terminal,
  home: Home,
  { name, seed }: { readonly name: string; readonly seed: Uint8Array },
  options: RestoreKeyOptions,
): Promise<AnswerOf<typeof KEY_RESTORED>> {
  const { primitives } = await machinePorts();
  const before = (await keysHere(home)).find((key) => key.name === name);
  // Whoever repeats it goes on with the key that is there.
  const again = before !== undefined && keySignerOf(before) === addressOfSeed(primitives, seed);
  const network = await networkOf(terminal, home, options).catch(unlessUnjoined);
  const isLater =
    !again &&
    before !== undefined &&
    (await isLaterKey(home, network, { ...before, seed }, options));
  if (!again && !isLater) await requireFree(home, name);
  const owner = isLater ? before : { name };
  const key = again ? before : await keepSeed(terminal, home, { ...owner, seed }, options);
  const { address } = key;
  if (network === undefined) {
    const text = `${name} is ${address}. The device has not joined a network yet. Next: ${calledAs('join <url>')}`;
    return { value: { name, address }, lines: [text] };
  }
  const known = await standingOf(home, network, { name, seed }, options);
  if (known === undefined) {
    return {
      value: { name, address },
      lines: [`${name} is ${address}. It is not enrolled yet. Next: ${calledAs('party apply')}`],
    };
  }
  const { party, role, organisation } = known;
  await writeKey(home.keystore, ownedBy(key, known));
  const value = { name, address: party.address, role, organisation };
  const text = `${name} is ${party.address}, a ${role} of ${organisation}.`;
  if (role !== 'patient') {
    terminal.progress.stage('finding the rights that others gave');
    const rights = await restoreRights(party).catch(unlessSuspended);
    const found = `${rights.length} rights on charts are back. Contacts and open requests: ${calledAs('inbox')}`;
    return { value: { ...value, rights: rights.length }, lines: [text, found] };
  }
  terminal.progress.stage('restoring the state of the patient’s devices');
  const { state, unknown } = await restorePatient(party);
  const { handle, grants } = state;
  return {
    value: { ...value, handle, grants: grants.length, unknown },
    lines: [
      text,
      `The state of the patient’s devices is restored: ${grants.length} grants, epochs up to ${preparedIn(state.keyring)}.`,
      ...unknown.map((digest) => `The ledger has a grant that no device of yours knows: ${digest}`),
    ],
  };
}

/**
 * The key file of a party that the network has: its address, and what proves a later key of it.
 *
 * @param key - The key as it was made.
 * @param standing - The party, and what coordinators say of it.
 */
export function ownedBy(key: KeyFile, { party, role, organisation }: OwnerFound): KeyFile {
  const { signer: _before, ...rest } = key;
  const signer = keySignerOf(key);
  const { address, keyChanges } = party;
  return {
    ...rest,
    address,
    ...(signer !== address && { signer }),
    ...(keyChanges && { keyChanges }),
    role,
    organisation,
  };
}

/**
 * Tells whether words are of a later key of the party whose key is on the device: k coordinators confirm that it is the
 * present one, so no node can have a sound key replaced.
 */
async function isLaterKey(
  home: Home,
  network: NetworkFile | undefined,
  { name, address, seed }: { readonly seed: Uint8Array } & Pick<KeyFile, 'name' | 'address'>,
  options: RestoreKeyOptions,
): Promise<boolean> {
  if (network === undefined) return false;
  const standing = await standingOf(home, network, { name, seed }, options);
  return standing?.party.address === address;
}

export interface OwnerFound {
  readonly party: Party;
  readonly role: Role;
  readonly organisation: Organisation;
}

/** Role and organisation of a seed's owner, as coordinators state them, and the party at its organisation's node. */
async function standingOf(
  home: Home,
  network: NetworkFile,
  { name, seed }: { readonly name: string; readonly seed: Uint8Array },
  options: RestoreKeyOptions,
): Promise<OwnerFound | undefined> {
  const nodes = await nodesOf(home, options.url);
  const ports = await machinePorts();
  const openAt = async (
    organisation: Organisation,
    agent = agentAt(nodes, organisation),
  ): Promise<Party> => {
    const place = { network, ports, organisation, agent, keystore: home.keystore };
    const address = await findParty({ ...ports, network, agent }, seed);
    return await openSeedParty({ name, seed, address }, place);
  };
  const { facts, at } = await factsAnywhere(
    network,
    async (organisation) => await openAt(organisation, promptAgentAt(nodes, organisation)),
  );
  const role = ROLES.find((each) => each === facts?.role);
  if (facts === undefined || role === undefined) return undefined;
  const signer = addressOfSeed(ports.primitives, seed);
  if ((facts.key?.signer ?? facts.party) !== signer) throw new MedsealError('KEY_CHANGED', {});
  const { organisation } = facts;
  // If its own organisation left, or is away, another node restores as well.
  const isMember = network.authority.members.some((each) => each.organisation === organisation);
  const party = await openAt(isMember ? organisation : at).catch(async (error: unknown) => {
    if (organisation === at || !isMedsealError(error, 'PEER_UNREACHABLE')) throw error;
    return await openAt(at);
  });
  return { role, organisation, party };
}

/** Facts of a party, from the first organisation whose node is at the address that the device knows, and answers. */
async function factsAnywhere(
  network: NetworkFile,
  openAt: (organisation: Organisation) => Promise<Party>,
): Promise<{ readonly facts: PartyFacts | undefined; readonly at: Organisation }> {
  let absent: unknown;
  for (const { organisation } of network.authority.members) {
    try {
      const anywhere = await openAt(organisation);
      const { party } = await confirmFacts(anywhere, { party: anywhere.address });
      return { facts: party, at: organisation };
    } catch (error) {
      const isAbsent = isMedsealError(error, 'NOT_FOUND');
      if (!isAbsent && !isMedsealError(error, 'PEER_UNREACHABLE')) throw error;
      if (!isAbsent || absent === undefined) absent = error;
    }
  }
  throw absent;
}

async function readPhrase(terminal: Terminal, { phraseFile }: RestoreKeyOptions): Promise<string> {
  if (phraseFile === undefined) {
    const otherwise = 'name a file with --phrase-file';
    return await terminal.ask('The 24 words', { secret: true, otherwise });
  }
  if (phraseFile === '-') return await readPiped(terminal.input);
  return await readGivenText(phraseFile, { argument: '--phrase-file', most: 64 * 1024 });
}

/** A party that is suspended has its key back, and no use of its rights. */
function unlessSuspended(error: unknown): readonly KnownRight[] {
  if (!isMedsealError(error, 'PARTY_SUSPENDED')) throw error;
  return [];
}

/** The network file in force: the words may be typed at a device of long ago. */
async function networkOf(
  terminal: Terminal,
  home: Home,
  options: RestoreKeyOptions,
): Promise<NetworkFile> {
  const known = await readPinnedNetwork(options, home);
  if (options.network !== undefined) return known;
  return await followAnywhere({ home, known, nodes: await nodesOf(home, options.url, terminal) });
}

function unlessUnjoined(error: unknown): undefined {
  if (!isMedsealError(error, 'HOME_UNJOINED')) throw error;
}
