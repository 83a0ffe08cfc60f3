import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { readKeystore, writeKey } from '../../src/device/keystore.ts';
import type { RunningNetwork } from '../../src/node/openNetwork.ts';
import type { CareCast, CastMember, Cast, Pharmacies, SensorCast } from '../scenario/Cast.ts';
import { makeDemoKey, openDemoParty, type DemoParty } from '../parties/demoParties.ts';

/**
 * The parties of a scenario on a network of its own: a patient for each bundle, and two doctors. Parties
 * from an earlier scenario in the same folder play again.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 * @param number - Number of the bundle, from 0.
 */
export async function freshCast(
  network: RunningNetwork,
  keystore: string,
  number: number,
): Promise<Cast> {
  const patient = number === 0 ? 'patient' : `patient-${number + 1}`;
  const actor = async (name: string, role: CastMember['role']): Promise<CastMember> =>
    await openActor(network, keystore, { name, role, organisation: 'hospital' });
  return {
    patient: await actor(patient, 'patient'),
    doctor: await actor('doctor', 'doctor'),
    specialist: await actor('doctor-2', 'doctor'),
  };
}

/**
 * The parties of the sensors' scenario on a network of its own.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 */
export async function freshSensorCast(
  network: RunningNetwork,
  keystore: string,
): Promise<SensorCast> {
  const { patient, doctor } = await freshCast(network, keystore, 0);
  const gateway = { name: 'gateway', role: 'nurse', organisation: 'hospital' } as const;
  const pharmacist = {
    name: 'pharmacist',
    role: 'pharmacist',
    organisation: 'laboratory',
  } as const;
  return {
    patient,
    doctor,
    gateway: await openActor(network, keystore, gateway),
    pharmacist: await openActor(network, keystore, pharmacist),
  };
}

/**
 * Two pharmacists on a network of the scenario's own; undefined if it was founded before there were prescriptions.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 */
export async function freshPharmacies(
  network: RunningNetwork,
  keystore: string,
): Promise<Pharmacies | undefined> {
  if (network.file.contracts.prescriptions === undefined) return undefined;
  const role = 'pharmacist';
  return [
    await openActor(network, keystore, { name: 'pharmacist', role, organisation: 'laboratory' }),
    await openActor(network, keystore, { name: 'pharmacist-2', role, organisation: 'insurer' }),
  ];
}

/**
 * The parties of the care scenario on a network of its own, each of another organisation than those whom it deals with.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 * @param number - Number of the bundle, from 0.
 * @throws MedsealError `CONTRACT_ABSENT` if the network was founded before there was a contract that it needs.
 */
export async function freshCareCast(
  network: RunningNetwork,
  keystore: string,
  number: number,
): Promise<CareCast> {
  const pharmacies = await freshPharmacies(network, keystore);
  if (pharmacies === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'prescriptions' });
  }
  const actor = async (
    name: string,
    role: CastMember['role'],
    organisation: string,
  ): Promise<CastMember> => await openActor(network, keystore, { name, role, organisation });
  return {
    ...(await freshCast(network, keystore, number)),
    specialist: await actor('doctor-3', 'doctor', 'laboratory'),
    pharmacies,
    laboratory: await actor('lab', 'lab', 'laboratory'),
    child: await actor('child', 'patient', 'insurer'),
    registrar: await actor('registrar', 'registrar', 'laboratory'),
    insurers: [
      await actor('insurer', 'insurer', 'insurer'),
      await actor('insurer-2', 'insurer', 'laboratory'),
    ],
    verifiers: [
      await actor('verifier-2', 'verifier', 'laboratory'),
      await actor('verifier', 'verifier', 'insurer'),
    ],
  };
}

async function openActor(
  network: RunningNetwork,
  keystore: string,
  demo: DemoParty,
): Promise<CastMember> {
  const known = await readKeystore(keystore, network.file).catch((error: unknown) => {
    if (isMedsealError(error, 'KEYSTORE_INVALID')) return [];
    throw error;
  });
  let key = known.find(({ name }) => name === demo.name);
  if (key === undefined) {
    key = makeDemoKey(network, demo);
    await writeKey(keystore, key);
  }
  const party = await openDemoParty(network, keystore, key);
  const facts = await confirmFacts(party, { party: party.address });
  return { ...demo, party, fresh: facts.party === undefined };
}
