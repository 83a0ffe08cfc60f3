import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { LONGEST_STATE_TO_GRANT } from '../../protocol/rights/requireKeepable.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import type { Address } from '../../protocol/ids.ts';
import { addressArgument } from '../party/addressArgument.ts';
import type { Party } from '../party/Party.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { withPatientState } from '../state/withPatientState.ts';

/** Most characters of a name that a patient gives to a device. */
export const LONGEST_DEVICE_NAME = 60;

/**
 * Tells whether a text can be the name of a device: without spaces around it, not empty, not too long, and without
 * characters that nobody sees.
 *
 * @param text - Text that was typed.
 * @example
 * ```ts
 * const typed = (prompt('Name of the device') ?? '').trim();
 * if (!isDeviceName(typed)) console.log(`Type 1 to ${LONGEST_DEVICE_NAME} visible characters.`);
 * ```
 */
export function isDeviceName(text: string): boolean {
  const isShort = text !== '' && text.length <= LONGEST_DEVICE_NAME;
  return isShort && text.trim() === text && visibleText(text) === text;
}

/**
 * Gives a device that is or was bound to the patient's chart a name of the patient's own, such as “Grandma's cuff”, or takes it
 * back. It stands in the state of the patient's devices, which nodes keep sealed: nobody else learns it. `listDevices`
 * gives it, and on each device of the patient the patient's own chart (`readChart`). The same name again changes nothing.
 *
 * @param party - The patient.
 * @param device - Address of the device.
 * @param name - The name; undefined to take back the one that it has.
 * @throws MedsealError `ARGUMENT_INVALID` for another name than `isDeviceName` takes, and for a device that was never bound;
 * `NOT_FOUND` on a device of someone who is not a patient; `STATE_STALE`, `REQUEST_TOO_LARGE`, `ANSWER_DISPUTED`.
 * @example
 * ```ts
 * const [{ device } = {}] = await listDevices(patient);
 * if (device !== undefined) await nameDevice(patient, device.address, "Grandma's cuff");
 * ```
 */
export async function nameDevice(
  party: Party,
  device: Address,
  name: string | undefined,
): Promise<void> {
  const address = addressArgument(party, device, 'device');
  if (name !== undefined && !isDeviceName(name)) {
    const reason = `it must have from 1 to ${LONGEST_DEVICE_NAME} characters, all of them visible, and no space at an end`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'name', reason });
  }
  const id = deviceIdOf(party.primitives, address);
  await withPatientState(party, async (state) => {
    if (!state.grants.some(({ grant: { terms } }) => isDeviceRight(terms) && terms.record === id)) {
      const reason = 'it was never bound to your chart';
      throw new MedsealError('ARGUMENT_INVALID', { argument: 'device', reason });
    }
    const { [address]: before, ...others } = state.deviceNames ?? {};
    if (before === name) return;
    const deviceNames = name === undefined ? others : { ...others, [address]: name };
    // A name can be taken back also from a state that is full.
    const longest = name === undefined ? undefined : LONGEST_STATE_TO_GRANT;
    await keepPatientState(party, { ...state, deviceNames }, [], longest);
  });
}
