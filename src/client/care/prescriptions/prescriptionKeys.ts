import { addressOf } from '../../../crypto/addressOf.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../crypto/bytes.ts';
import { encodeFields } from '../../../crypto/encodeFields.ts';
import { deriveName } from '../../../crypto/keys/deriveName.ts';
import type { Primitives } from '../../../crypto/Primitives.ts';
import type { Address, Bytes32 } from '../../../protocol/ids.ts';
import type { Party } from '../../party/Party.ts';

const LABEL = utf8ToBytes('medseal/1/slip');

/**
 * Derives the secret of the slip's key from that of the holder's key. It leads nowhere back: whoever has the slip can
 * show the prescription, and cannot pass it on.
 *
 * @param primitives - SHA-256.
 * @param holder - Secret of the holder's key.
 */
export function slipKeyFrom(primitives: Pick<Primitives, 'sha256'>, holder: Bytes32): Bytes32 {
  return bytesToHex(primitives.sha256(encodeFields(LABEL, hexToBytes(holder))));
}

/**
 * Derives the secret of the holder's key that a patient gives a prescription at a step.
 *
 * @param primitives - SHA-256.
 * @param keys - The patient's keys at that time.
 * @param digest - The prescription.
 * @param step - Number of the step.
 */
export function laterHolder(
  primitives: Pick<Primitives, 'sha256'>,
  keys: Pick<Party['keys'], 'seed'>,
  digest: Bytes32,
  step: number,
): Bytes32 {
  const name = deriveName(keys.seed(), utf8ToBytes(`prescription ${digest}/${step}`));
  return bytesToHex(primitives.sha256(utf8ToBytes(name)));
}

/**
 * Returns the addresses of the keys with which a prescription begins, or goes on.
 *
 * @param primitives - Curve and hashes.
 * @param holder - Secret of the holder's key.
 * @throws RangeError if it is not a secret of the curve.
 */
export function keysFrom(
  primitives: Primitives,
  holder: Bytes32,
): { readonly holder: Address; readonly slip: Address } {
  const [keeps, shows] = [holder, slipKeyFrom(primitives, holder)].map((secret) =>
    addressOf(primitives, primitives.publicKey(hexToBytes(secret))),
  ) as [Address, Address];
  return { holder: keeps, slip: shows };
}
