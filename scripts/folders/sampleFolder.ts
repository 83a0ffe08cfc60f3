import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { openDeviceFolder } from '../../src/device/deviceFolder.ts';
import { openNetwork, type RunningNetwork } from '../../src/node/openNetwork.ts';

const ORGANISATION = 'hospital';

/** Founds a network of one organisation in a folder, with one patient and one record, and stops it. */
export async function makeSample(folder: string, text: string): Promise<void> {
  await withPatient(folder, async (patient) => {
    await enrol(patient, { role: 'patient', organisation: ORGANISATION });
    await commitEpochs(patient, 2);
    await add(patient, text);
  });
}

/**
 * Opens the network of such a folder with the present version, reads the chart, adds a record to it, and stops it.
 *
 * @param folder - The folder; it is brought to the present layout.
 * @param text - The record to add.
 * @returns The records that were there before, and how many entries the receipt of the new one covers.
 */
export async function playSample(
  folder: string,
  text: string,
): Promise<{ readonly texts: readonly string[]; readonly covered: number }> {
  return await withPatient(folder, async (patient) => {
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const texts: string[] = [];
    for (const record of chart.records) {
      texts.push(bytesToUtf8((await readRecord(patient, chart, record)).content));
    }
    const { acknowledgement } = await add(patient, text);
    const { checkpoint } = await fetchReceipt(patient, acknowledgement);
    return { texts, covered: checkpoint.size };
  });
}

async function withPatient<Result>(
  folder: string,
  run: (patient: Party) => Promise<Result>,
): Promise<Result> {
  const network = await openNetwork({ folder, demo: true, organisations: [ORGANISATION] });
  try {
    return await run(await openPatient(network, folder));
  } finally {
    await network.close();
  }
}

async function openPatient(network: RunningNetwork, folder: string): Promise<Party> {
  const agent = network.agents.get(ORGANISATION);
  if (agent === undefined) throw new Error(`${folder} is not a folder of ${ORGANISATION}`);
  return await openParty({
    ...network.ports,
    seed: new Uint8Array(32).fill(7),
    network: network.file,
    agent,
    log: `care/${ORGANISATION}`,
    device: await openDeviceFolder(`${folder}/parties/patient`),
  });
}

async function add(patient: Party, text: string): ReturnType<typeof addRecord> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
}
