import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { findDevice } from './findDevice.ts';

/**
 * Finds the address of a device that is, or was, bound to the visitor's chart.
 *
 * @param visitor - The patient.
 * @param named - The device's 12 letters, its code or its address.
 * @throws MedsealError `ARGUMENT_INVALID` if no such device was ever bound to the chart.
 */
export async function boundDevice({ party }: Visitor, named: string): Promise<Address> {
  const { grants } = await readPatientState(party);
  const known = grants.flatMap(({ device }) => device?.address ?? []);
  const found = findDevice(party, named, known);
  const id = deviceIdOf(party.primitives, found);
  if (grants.some(({ grant }) => grant.terms.record === id)) return found;
  const reason = `no such device was bound to your chart; "${calledAs('device list')}" lists them`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: named, reason });
}
