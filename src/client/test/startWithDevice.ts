import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { bindDevice, type NewDevice, type DeviceBound } from '../devices/bindDevice.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';

/** A network with a patient's device, bound for an hour to a doctor who is its gateway. */
export interface NetworkWithDevice {
  readonly network: TestNetwork;
  readonly patient: Party;
  readonly gateway: Party;
  readonly bound: DeviceBound;
}

/**
 * Starts such a network.
 *
 * @param options - The device; `epochs`: number of epochs that the patient commits to; vitals alone if there are no categories.
 */
export async function startWithDevice({
  device,
  epochs,
  categories = ['vitals'],
  guarded = false,
}: Pick<NewDevice, 'device'> &
  Partial<Pick<NewDevice, 'categories'>> & {
    readonly epochs: number;
    readonly guarded?: boolean;
  }): Promise<NetworkWithDevice> {
  const network = await startTestNetwork({ guarded });
  const patient = await network.party('patient');
  const gateway = await network.party('doctor');
  await commitEpochs(patient, epochs);
  const bound = await bindDevice(patient, {
    device,
    gateway: gateway.address,
    categories,
    until: BEGIN + 3600,
  });
  return { network, patient, gateway, bound };
}
