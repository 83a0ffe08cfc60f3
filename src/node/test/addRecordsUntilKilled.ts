import { addRecord } from '../../client/records/addRecord.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { openParty } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { openNetwork } from '../openNetwork.ts';

/** Adds records to a patient's own chart, and reports each acknowledged one, until the process is killed. */

const [folder = '', seed = ''] = process.argv.slice(2);
const network = await openNetwork({ folder, demo: true });
const agent = network.agents.get('hospital');
if (agent === undefined) throw new Error('no hospital');
const patient = await openParty({
  ...network.ports,
  seed: Buffer.from(seed, 'hex'),
  network: network.file,
  agent,
  log: 'care/hospital',
  device: await openDeviceFolder(`${folder}/parties/patient`),
});
await enrol(patient, { role: 'patient', organisation: 'hospital' });
await commitEpochs(patient, 2);
const { handle } = await readPatientState(patient);

async function addForEver(line: number): Promise<never> {
  for (let number = 0; ; number++) {
    const content = utf8ToBytes(`record ${line}.${number}`);
    const version = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
    const { acknowledgement } = await addRecord(patient, version);
    const { index, entry } = acknowledgement;
    process.stdout.write(`${JSON.stringify({ index, entry, text: `record ${line}.${number}` })}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(async (line) => await addForEver(line)));
