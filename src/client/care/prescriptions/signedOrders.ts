import { seconds } from '../../../protocol/Clock.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { BYTES32 } from '../../../protocol/wire/findShapeError.ts';
import { DeviceBook } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';
import type { NewPrescription } from './NewPrescription.ts';

/** An order that waits for the second doctor's signature, or that the ledger refused with both. */
export interface SignedOrder {
  readonly order: NewPrescription;
  /** True if the ledger refused it, and its record is or will be taken off the chart. */
  readonly refused: boolean;
}

/** Orders that the prescriber of this device signed and a second doctor is to sign, by the digest of the prescription. */
const SIGNED = new DeviceBook({
  name: 'signed-orders',
  shape: { digest: BYTES32, deadline: 'count', order: 'any', refused: 'boolean' },
  keyOf: ({ digest }) => digest,
  most: 500,
});

/**
 * Remembers an order until its deadline, after which the ledger takes it no more.
 *
 * @param party - The prescriber.
 * @param digest - Digest of the prescription.
 * @param deadline - Deadline of the prescription, Unix seconds.
 * @param signed - The order.
 */
export async function keepSignedOrder(
  party: Party,
  digest: Bytes32,
  deadline: number,
  signed: SignedOrder,
): Promise<void> {
  await SIGNED.change(party, async ({ entries, put, remove }) => {
    const late = entries.filter((each) => each.deadline < seconds(party.clock));
    await remove(late.map((each) => each.digest));
    await put({ digest, deadline, ...signed });
  });
}

/**
 * Returns an order that waits for a second signature, or was refused with both; undefined on a device that did not sign it.
 *
 * @param party - The prescriber.
 * @param digest - Digest of the prescription.
 */
export async function signedOrder(party: Party, digest: Bytes32): Promise<SignedOrder | undefined> {
  const found = (await SIGNED.read(party)).find((each) => each.digest === digest);
  return found && { order: found.order as NewPrescription, refused: found.refused };
}

/**
 * Forgets an order that waited for a second signature.
 *
 * @param party - The prescriber.
 * @param digest - Digest of the prescription.
 */
export async function forgetSignedOrder(party: Party, digest: Bytes32): Promise<void> {
  await SIGNED.remove(party, [digest]);
}
