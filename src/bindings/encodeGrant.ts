import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Hex } from '../protocol/ids.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { requestTypes } from '../protocol/struct/requestTypes.ts';
import { hashStruct } from '../protocol/struct/typedData.ts';
import { encodeBatch } from './encodeBatch.ts';
import { consentAbi } from './generated/consentAbi.ts';

/**
 * Calldata for `Consent.grant`. Of the terms only their struct hash goes in.
 *
 * @param primitives - Hashes.
 * @param requests - Any number; each is taken or refused for itself.
 */
export function encodeGrant(primitives: Primitives, requests: readonly Signed<'Grant'>[]): Hex {
  return encodeBatch(
    consentAbi,
    'grant',
    requests.map(({ message: { handle, terms, deadline }, signature }) => {
      const termsHash = bytesToHex(hashStruct(primitives, requestTypes, 'Terms', terms));
      return [{ handle, termsHash, deadline }, signature];
    }),
  );
}
