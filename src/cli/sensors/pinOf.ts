import { pinOfDevice } from '../../client/devices/pinOfDevice.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { DevicePin } from '../../protocol/sensors/DeviceKeys.ts';
import { parseDevicePin } from '../../protocol/sensors/parseDevicePin.ts';
import { findPatient } from '../contact/findContact.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** The visitor, who binds the devices to a chart of their own. */
export interface ChartOwner {
  readonly visitor: Visitor;
  readonly handle: Handle;
}

/**
 * Opens the visitor whose chart the devices are bound to.
 *
 * @param terminal - For the passphrase.
 * @param options - Options of the visitor.
 * @throws MedsealError `ARGUMENT_INVALID` if the visitor has no chart.
 */
export async function ownerOf(terminal: Terminal, options: VisitorOptions): Promise<ChartOwner> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, undefined);
  return { visitor, handle };
}

/**
 * Finds the chart that simulated devices seal to; undefined if their gateway seals.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `NETWORK_FILE_INVALID`.
 */
export async function pinOf(
  owner: ChartOwner | undefined,
  { seal = false, pin }: { readonly seal?: boolean; readonly pin?: string },
): Promise<DevicePin | undefined> {
  if (pin !== undefined) {
    const argument = '--pin';
    return parseDevicePin(await readGivenText(pin, { argument }), argument);
  }
  if (!seal) return undefined;
  if (owner === undefined) {
    const reason =
      'needs --gateway, which binds the devices to your chart; or name a file by --pin';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--seal', reason });
  }
  return pinOfDevice(owner.visitor.party, owner.handle);
}
