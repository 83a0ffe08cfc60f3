import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { OpenDatabases } from '../databases/OpenDatabases.ts';
import { openNetworkNode, type RunningNetwork } from '../openNetwork.ts';

/**
 * Opens a network in a folder, with a patient of the hospital who has a chart, for programs that are killed.
 *
 * @param folder - The network's folder, which has the patient's device.
 * @param seed - The patient's, in hexadecimal.
 * @param options - Place of the organisations' stores.
 */
export async function openOwnChart(
  folder: string,
  seed: string,
  options: { readonly openDatabases?: OpenDatabases } = {},
): Promise<{
  readonly network: RunningNetwork;
  readonly patient: Party;
  readonly handle: Handle;
}> {
  const { network } = await openNetworkNode({ ...options, folder, demo: true });
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
  return { network, patient, handle };
}
