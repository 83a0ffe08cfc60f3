import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { ownHandle } from '../../src/client/state/ownHandle.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { Address } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/vocabulary.ts';
import { readKeystore, writeKey, type KeyFile } from '../../src/device/keystore.ts';
import { addressOfSeed } from '../../src/crypto/keys/addressOfSeed.ts';
import { openKeyParty } from '../../src/device/openKeystoreParty.ts';
import { organisationFor, type DemoNetwork, type DemoPlace } from './DemoNetwork.ts';

/** Number of epochs that a patient of the demonstration commits to. */
const EPOCHS = 4;

/** Name, role and organisation of a party of a demonstration. */
export interface DemoParty extends DemoPlace {
  /** Name of its key. */
  readonly name: string;
  readonly role: Role;
}

/** A party of a demonstration that is enrolled. */
export interface DemoPartyReady extends DemoPartyCalled {
  readonly address: Address;
}

/** A party of a demonstration, with the name of an invented person. */
export interface DemoPartyCalled extends DemoParty {
  readonly called: string;
}

/** The parties that `medseal dev --demo` enrols; each is an invented person. */
export const DEMO_PARTIES: readonly DemoPartyCalled[] = [
  party('patient', 'patient', 'hospital', 'Ana Ferreira'),
  party('patient-2', 'patient', 'hospital', 'Teodor Lindqvist'),
  party('doctor', 'doctor', 'hospital', 'Dr. Lena Brandt'),
  party('doctor-2', 'doctor', 'hospital', 'Dr. Samir Haddad'),
  { ...party('pharmacist', 'pharmacist', 'hospital', 'Noor Willems'), rather: 'pharmacy' },
  party('lab', 'lab', 'laboratory', 'Ines Duarte'),
  party('insurer', 'insurer', 'insurer', 'Marek Novak'),
  party('researcher', 'researcher', 'hospital', 'Dr. Yuki Arai'),
  party('verifier', 'verifier', 'insurer', 'Olga Petrenko'),
  party('pharmacist-2', 'pharmacist', 'laboratory', 'Jonas Kelemen'),
  party('registrar', 'registrar', 'laboratory', 'Aino Salo'),
  party('insurer-2', 'insurer', 'laboratory', 'Clara Moreau'),
  party('verifier-2', 'verifier', 'laboratory', 'David Osei'),
];

function party(name: string, role: Role, organisation: string, called: string): DemoPartyCalled {
  return { name, role, organisation, called };
}

/**
 * Enrols the demonstration parties that are not enrolled yet; safe to repeat after it was interrupted.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 * @returns The parties, with their addresses.
 */
export async function enrolDemoParties(
  network: DemoNetwork,
  keystore: string,
): Promise<readonly DemoPartyReady[]> {
  const known = await readKeystore(keystore, network.file).catch((error: unknown) => {
    if (isMedsealError(error, 'KEYSTORE_INVALID')) return [];
    throw error;
  });
  return await Promise.all(
    DEMO_PARTIES.map(async (demo) => {
      const before = known.find(({ name }) => name === demo.name);
      const { address, organisation = '' } = await enrolDemoParty(network, keystore, demo, before);
      const { name, role, called } = demo;
      return { name, role, called, organisation, address };
    }),
  );
}

/**
 * Enrols one demonstration party unless it is enrolled; safe to repeat after it was interrupted.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 * @param demo - The party.
 * @param before - Its key, if it has one.
 * @returns Its key.
 */
export async function enrolDemoParty(
  network: DemoNetwork,
  keystore: string,
  demo: DemoParty,
  before: KeyFile | undefined,
): Promise<KeyFile> {
  if (before !== undefined) {
    const opened = await openDemoParty(network, keystore, before);
    const facts = await confirmFacts(opened, { party: opened.address });
    const ready = demo.role !== 'patient' || (await isReady(opened));
    if (facts.party !== undefined && ready) return before;
  }
  // A party whose enrolment was interrupted begins again with a new key.
  const key = makeDemoKey(network, demo);
  const fresh = await openDemoParty(network, keystore, key);
  await enrol(fresh, { role: demo.role, organisation: organisationFor(network, demo) });
  if (demo.role === 'patient') await commitEpochs(fresh, EPOCHS);
  await writeKey(keystore, key);
  return key;
}

/** Tells whether a patient's device knows its chart, and the chart has an epoch. */
async function isReady(patient: Party): Promise<boolean> {
  const handle = await ownHandle(patient);
  if (handle === undefined) return false;
  const facts = await confirmFacts(patient, { handle });
  return (facts.patient?.epoch ?? 0) > 0;
}

/**
 * Makes the key of a demonstration party.
 *
 * @throws MedsealError `KEYSTORE_DEMO` if the network is not a demonstration.
 */
export function makeDemoKey(network: DemoNetwork, demo: DemoParty): KeyFile {
  if (!network.file.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  const { name, role } = demo;
  const organisation = organisationFor(network, demo);
  const seed = network.ports.random(32);
  const address = addressOfSeed(network.ports.primitives, seed);
  const owner = { name, role, organisation, address };
  return { format: 'medseal-key/1', demo: true, ...owner, seed: bytesToHex(seed) };
}

/** Opens a demonstration party at its device, against its organisation's agent. */
export async function openDemoParty(
  { file, ports, agents }: DemoNetwork,
  keystore: string,
  key: KeyFile,
): Promise<Party> {
  const { organisation = '' } = key;
  const agent = agents.get(organisation);
  if (agent === undefined) throw new MedsealError('PEER_UNREACHABLE', { peer: organisation });
  return await openKeyParty(key, { network: file, ports, keystore, agent, organisation });
}
