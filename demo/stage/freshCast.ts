import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type {
  CareCast,
  CastMember,
  Cast,
  CustodyCast,
  Pharmacies,
  SensorCast,
} from '../scenario/Cast.ts';
import type { OpenActor } from './openActor.ts';

/**
 * The parties of a scenario on a network that takes new people: a patient for each bundle, and two doctors.
 *
 * @param open - Opens each.
 * @param number - Number of the bundle, from 0.
 */
export async function freshCast(open: OpenActor, number: number): Promise<Cast> {
  const patient = number === 0 ? 'patient' : `patient-${number + 1}`;
  const actor = async (name: string, role: CastMember['role']): Promise<CastMember> =>
    await open({ name, role, organisation: 'hospital' });
  return {
    patient: await actor(patient, 'patient'),
    doctor: await actor('doctor', 'doctor'),
    specialist: await actor('doctor-2', 'doctor'),
  };
}

/**
 * The parties of the sensors' scenario.
 *
 * @param open - Opens each.
 */
export async function freshSensorCast(open: OpenActor): Promise<SensorCast> {
  const { patient, doctor } = await freshCast(open, 0);
  return {
    patient,
    doctor,
    gateway: await open({ name: 'gateway', role: 'nurse', organisation: 'hospital' }),
    pharmacist: await open({ name: 'pharmacist', role: 'pharmacist', organisation: 'laboratory' }),
  };
}

/**
 * Two pharmacists; undefined if the network was founded before there were prescriptions.
 *
 * @param open - Opens each.
 * @param network - The network.
 */
export async function freshPharmacies(
  open: OpenActor,
  { contracts }: Pick<NetworkFile, 'contracts'>,
): Promise<Pharmacies | undefined> {
  if (contracts.prescriptions === undefined) return undefined;
  const role = 'pharmacist';
  return [
    await open({ name: 'pharmacist', role, organisation: 'laboratory' }),
    await open({ name: 'pharmacist-2', role, organisation: 'insurer' }),
  ];
}

/**
 * The parties of the care scenario, each of another organisation than those whom it deals with.
 *
 * @param open - Opens each.
 * @param network - The network.
 * @param number - Number of the bundle, from 0.
 * @throws MedsealError `CONTRACT_ABSENT` if the network was founded before there was a contract that it needs.
 */
export async function freshCareCast(
  open: OpenActor,
  network: Pick<NetworkFile, 'contracts'>,
  number: number,
): Promise<CareCast> {
  const pharmacies = await freshPharmacies(open, network);
  if (pharmacies === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'prescriptions' });
  }
  const actor = async (
    name: string,
    role: CastMember['role'],
    organisation: string,
  ): Promise<CastMember> => await open({ name, role, organisation });
  return {
    ...(await freshCast(open, number)),
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

/**
 * The parties of custody.
 *
 * @param open - Opens each.
 * @param network - The network.
 * @throws MedsealError `CONTRACT_ABSENT` if the network was founded before there were mandates.
 */
export async function freshCustodyCast(
  open: OpenActor,
  network: Pick<NetworkFile, 'contracts'>,
): Promise<CustodyCast> {
  requireMandates(network);
  const actor = async (name: string, role: CastMember['role']): Promise<CastMember> =>
    await open({ name, role, organisation: 'hospital' });
  return {
    son: await actor('son', 'patient'),
    mother: await actor('mother', 'patient'),
    aunt: await actor('aunt', 'nurse'),
    doctor: await actor('doctor', 'doctor'),
    locum: await actor('locum', 'doctor'),
  };
}

/**
 * Requires that a network has mandates.
 *
 * @param network - The network.
 * @throws MedsealError `CONTRACT_ABSENT`.
 */
export function requireMandates({ contracts }: Pick<NetworkFile, 'contracts'>): void {
  if (contracts.mandates === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'mandates' });
  }
}
