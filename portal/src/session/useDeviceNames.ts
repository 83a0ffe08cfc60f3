import { readPatientState } from '../../../src/client/index.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { releasedOwnChart } from './charts.ts';
import type { Session } from './Session.ts';
import { useTask } from './useTask.ts';

/** Names that a patient gave to devices that measure, by their addresses. */
export type DeviceNames = Readonly<Record<Address, string>>;

const NONE: DeviceNames = {};

/**
 * Returns the names that a patient gave to devices: those that came with the chart in this session, which may be of another
 * device of the patient, or those that this one knows. Nobody is asked for them.
 *
 * @param session - The person; one who is not a patient has none.
 */
export async function deviceNamesHere(session: Session): Promise<DeviceNames> {
  if (session.handle === undefined) return NONE;
  const chart = await releasedOwnChart(session);
  const names = chart?.deviceNames ?? (await readPatientState(session.party)).deviceNames ?? NONE;
  return Object.fromEntries(
    Object.entries(names).map(([address, name]) => [address, visibleText(name, 120)]),
  );
}

/** Returns the names that a patient gave to devices, for a screen; none until they are read. */
export function useDeviceNames(session: Session): DeviceNames {
  const found = useTask(async () => await deviceNamesHere(session), [session]);
  return found.state === 'done' ? found.value : NONE;
}
