import { bindDevice } from '../../../src/client/devices/bindDevice.ts';
import { commitEpochs } from '../../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../../src/client/party/enrol.ts';
import type { Party } from '../../../src/client/party/Party.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import {
  SimulatedSensor,
  type SensorChoice,
} from '../../../src/sensors/simulate/SimulatedSensor.ts';
import type { BoundChoice } from './deviceProcess.ts';

/** Patients that enrol at the same time. */
const LANES = 8;

/**
 * Enrols a patient for each device, who binds it.
 *
 * @param open - Opens a party with a new key.
 * @param choices - The devices.
 * @param gateway - Party that brings their readings.
 * @returns The right of each.
 */
export async function bindSensors(
  open: () => Promise<Party>,
  choices: readonly SensorChoice[],
  gateway: Address,
): Promise<readonly BoundChoice[]> {
  const bound: BoundChoice[] = [];
  const rest = choices.entries();
  const lane = async (): Promise<void> => {
    for (const [place, choice] of rest) {
      const patient = await open();
      await enrol(patient, { role: 'patient', organisation: 'hospital' });
      await commitEpochs(patient, 1);
      const { address } = new SimulatedSensor(patient.primitives, choice);
      const now = Math.floor(Date.now() / 1000);
      const { digest } = await bindDevice(patient, {
        device: { address },
        gateway,
        categories: ['vitals'],
        from: now - 3600,
        until: now + 30 * 86_400,
      });
      bound[place] = { choice, grant: digest };
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return bound;
}
