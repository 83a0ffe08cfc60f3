import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Prescription } from '../../../protocol/care/prescriptions.ts';
import { forgetAddedAs } from '../../records/addedOnce.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import type { Party } from '../../party/Party.ts';
import type { NewPrescription } from './NewPrescription.ts';

/** A prescription before its record has an id, as the device remembers it for a repeat. */
export interface OrderWritten {
  readonly message: Prescription;
  /** Bytes of the record, as text. */
  readonly content: string;
  /** True if its record is being taken off the chart: a repeat ends that, and does not send it again. */
  readonly takenBack?: true;
}

/**
 * Returns what an earlier run wrote for the same order and did not finish.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 */
export async function keptOrder(
  party: Party,
  wanted: NewPrescription,
): Promise<OrderWritten | undefined> {
  const known = await party.device.read(nameOfOrder(party, wanted));
  return (known as OrderWritten | null | undefined) ?? undefined;
}

/**
 * Tells whether what was written for an order can still be sent: its deadline is not over, and its record stays on the chart.
 *
 * @param party - The prescriber.
 * @param written - Prescription and record.
 */
export function isOpenOrder({ clock }: Pick<Party, 'clock'>, written: OrderWritten): boolean {
  return written.takenBack !== true && written.message.deadline > seconds(clock);
}

/**
 * Keeps what was written for an order, so that a repeat sends the same.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 * @param written - Prescription and record.
 */
export async function keepOrder(
  party: Party,
  wanted: NewPrescription,
  written: OrderWritten,
): Promise<void> {
  await party.device.write(nameOfOrder(party, wanted), written);
}

/**
 * Forgets what was written for an order, and that its record was added: from now on the same order is another one.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 */
export async function forgetOrder(party: Party, wanted: NewPrescription): Promise<void> {
  const written = await keptOrder(party, wanted);
  // First, so that a run that is cut off here adds the record no second time.
  await party.device.write(nameOfOrder(party, wanted), null);
  if (written === undefined) return;
  const once = recordOnce(party, wanted, written);
  await forgetAddedAs(party, once);
  await forgetAddedAs(party, nameOfBack(once));
}

/**
 * Returns the name under which the version that takes a record back is added once.
 *
 * @param once - The name of the record.
 */
export function nameOfBack(once: string): string {
  return `${once}-back`;
}

/**
 * Returns the name under which the record of an order is added once.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 * @param written - Prescription and record.
 */
export function recordOnce(
  party: Party,
  wanted: NewPrescription,
  { message: { terms } }: OrderWritten,
): string {
  return `${nameOfOrder(party, wanted)}-${terms.salt.slice(2)}`;
}

/**
 * Returns the name of an order on the device: that of the same order by the same right is the same, and it tells nothing of
 * it.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 */
function nameOfOrder(party: Party, { grant, ...wanted }: NewPrescription): string {
  // The times of a repeat are later ones.
  const { from: _from, until: _until, ...order } = wanted;
  const said = canonicalJson({ ...order, right: grant.terms.salt });
  return `prescription-${nameOnDevice(party, utf8ToBytes(said))}`;
}
