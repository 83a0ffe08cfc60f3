import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { enrol } from '../../client/party/enrol.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecords } from '../../client/records/readRecords.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { writeKey } from '../../device/keystore.ts';
import { openNetwork, type RunningNetwork } from '../openNetwork.ts';

/** A patient of a network in one process, with the same seed each time. */
export async function partyAt(
  network: RunningNetwork,
  folder: string,
  role: 'patient' | 'doctor' = 'patient',
): Promise<Party> {
  const agent = network.agents.get('hospital');
  if (agent === undefined) throw new Error('no hospital');
  return await openParty({
    ...network.ports,
    seed: seedOf(role),
    network: network.file,
    agent,
    log: 'care/hospital',
    device: await openDeviceFolder(`${folder}/parties/${role}`),
  });
}

function seedOf(role: 'patient' | 'doctor'): Uint8Array {
  return new Uint8Array(32).fill(role === 'patient' ? 0xa5 : 0xb6);
}

/** Adds a record to the patient's own chart. */
export async function addTo(
  patient: Party,
  content: Uint8Array,
  category: Category = 'other',
): Promise<Acknowledgement> {
  const { handle } = await readPatientState(patient);
  const added = await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
  return added.acknowledgement;
}

/**
 * Founds a network in a folder that has some of everything: records small and large, erased ones, a view of several, a right, packets,
 * checkpoints, copies at the peers; and stops it in order.
 *
 * @param folder - The folder.
 */
export async function foundFolder(folder: string): Promise<void> {
  const network = await openNetwork({ folder, demo: true });
  const patient = await partyAt(network, folder);
  const doctor = await partyAt(network, folder, 'doctor');
  for (const [role, { address }] of [
    ['patient', patient],
    ['doctor', doctor],
  ] as const) {
    const owner = { name: role, role, organisation: 'hospital', address, demo: true } as const;
    const seed = bytesToHex(seedOf(role));
    await writeKey(`${folder}/parties`, { format: 'medseal-key/1', ...owner, seed });
  }
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
  await commitEpochs(patient, 2);
  await grantRight(patient, {
    grantee: doctor.address,
    categories: CATEGORIES,
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: Math.floor(Date.now() / 1000) + 3600,
  });
  for (const length of [100, 40_000, 200]) {
    await fetchReceipt(patient, await addTo(patient, new Uint8Array(length).fill(length % 251)));
  }
  for (const length of [300, 50_000]) {
    await addTo(patient, new Uint8Array(length).fill(length % 251), 'imaging');
  }
  await eraseKeys(patient, 'imaging');
  await fetchReceipt(patient, await addTo(patient, new Uint8Array(400), 'imaging'));
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  for await (const read of readRecords(patient, chart, chart.records.slice(0, 2))) {
    if ('error' in read) throw read.error;
  }
  for (const contributor of network.contributors.values()) {
    await contributor.catchUp();
    await contributor.filesTried();
  }
  await network.close();
}
