import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { sortable } from '../../database/sortable.ts';

/** Question for a sheet. */
export interface SheetWanted {
  readonly handle: Handle;
  readonly epoch: number;
  readonly root: Bytes32;
}

/** A commitment that is not on the ledger, or not yet, does not touch the sheets of another. */
export function sheetKey({ handle, epoch, root }: SheetWanted): string {
  return `sheet/${handle}/${sortable(epoch)}/${root}`;
}

/** Of the packets of a grant, that of the newest epoch comes last, and of those that of the newest revision. */
export function packetKey(packet: {
  readonly grant: Bytes32;
  readonly epoch: number;
  readonly revision: number;
  readonly source: Bytes32 | undefined;
}): string {
  const { grant, epoch, revision, source = '' } = packet;
  return `packet/${grant}/${sortable(epoch)}/${sortable(revision)}/${source}`;
}

/** A right, by patient. */
interface EndNamed {
  readonly handle: Handle;
  readonly grant: Bytes32;
}

/** When a right ends, by patient. */
export function endKey({ handle, grant }: EndNamed): string {
  return `end/${handle}/${grant}`;
}

/** The same once it is over and the patient's keys have turned since, which no entry has to look at any more. */
export function overKey({ handle, grant }: EndNamed): string {
  return `over/${handle}/${grant}`;
}

/** Something that is kept for a patient, by patient; its row holds how many characters it takes. */
export function patientDepositKey({
  handle,
  id,
}: {
  readonly handle: Handle;
  readonly id: Bytes32;
}): string {
  return `held/${handle}/${id}`;
}

/** Range of all such rows of a patient. */
export function patientDeposits(handle: Handle): { readonly gt: string; readonly lt: string } {
  return { gt: `held/${handle}/`, lt: `held/${handle}0` };
}

/** The row that says that all that is kept for patients is listed by patient. */
export const LISTED = 'listed';
