import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import type { Random } from '../../src/crypto/Random.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import { CATEGORIES } from '../../src/protocol/vocabulary.ts';
import type { Consortium, Person } from './Consortium.ts';
import { SimulatedDevice } from './SimulatedDevice.ts';

/** Durations of the doctors' first rights, seconds: one of them ends soon after a run has begun. */
const LASTING = [3600, 100, 3600];

/** People of a run, with their first rights. */
export interface EnrolledPeople {
  /** A patient, then three doctors, each at an organisation of their own. */
  readonly people: readonly Person[];
  /** By person; the patient has no right. */
  readonly rights: readonly (readonly Grant[])[];
}

/**
 * Enrols a patient and three doctors; the patient begins epoch 1 and gives each of them a right.
 *
 * @param consortium - Without faults.
 * @param random - For their seeds.
 */
export async function enrolPeople(consortium: Consortium, random: Random): Promise<EnrolledPeople> {
  const [home = ''] = consortium.organisations;
  const doctors = consortium.organisations.slice(0, LASTING.length);
  const people = [home, ...doctors].map((organisation, place) => ({
    name: place === 0 ? 'patient' : `doctor at ${organisation}`,
    organisation,
    seed: random(32),
    device: new SimulatedDevice(),
  }));
  const rights: Grant[][] = [];
  const [patient, ...others] = await Promise.all(
    people.map(async (person) => await consortium.party(person)),
  );
  if (patient === undefined) throw new Error('nobody');
  await enrol(patient, { role: 'patient', organisation: home });
  await commitEpochs(patient, 4);
  rights.push([]);
  for (const [place, doctor] of others.entries()) {
    await enrol(doctor, { role: 'doctor', organisation: doctors[place] ?? home });
    const { grant } = await grantRight(patient, {
      grantee: doctor.address,
      categories: CATEGORIES,
      actions: ['read', 'add', 'amend'],
      purpose: 'TREAT',
      until: seconds(patient.clock) + (LASTING[place] ?? 0),
    });
    rights.push([grant]);
  }
  return { people, rights };
}
