import type { Primitives } from '../crypto/Primitives.ts';
import type { Hex } from '../protocol/ids.ts';
import { orderNumber } from '../protocol/care/orderNumber.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { hideTerms } from './hideTerms.ts';

/** A prescription as the ledger takes it. */
export interface SignedPrescription extends Signed<'Prescription'> {
  /** Signature of the doctor who signs beside the prescriber; absent if none has to. */
  readonly second?: Hex;
  /** Coordinators' signatures over its `PrescriptionCheck`, in ascending order of their addresses. */
  readonly checks: readonly Hex[];
}

/**
 * Calldata for `Prescriptions.prescribe`. Of the terms only their struct hash and the number of the record go in.
 *
 * @param primitives - Hashes.
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodePrescriptions(
  primitives: Primitives,
  requests: readonly SignedPrescription[],
): Hex {
  return encodeBatch(
    prescriptionsAbi,
    'prescribe',
    requests.map(({ message, signature, second = '0x', checks }) => {
      const hidden = hideTerms(primitives, 'Prescription', message);
      return [hidden, [signature, second], orderNumber(primitives, message.terms), checks];
    }),
  );
}

/**
 * Calldata for `Prescriptions.dispense`. Of the terms only their struct hash goes in.
 *
 * @param primitives - Hashes.
 * @param requests - Any number, each signed by the holder; each is taken or refused for itself.
 */
export function encodeDispenses(
  primitives: Primitives,
  requests: readonly Signed<'Dispense'>[],
): Hex {
  return encodeBatch(
    prescriptionsAbi,
    'dispense',
    requests.map(({ message, signature }) => [
      hideTerms(primitives, 'Dispense', message),
      signature,
    ]),
  );
}
