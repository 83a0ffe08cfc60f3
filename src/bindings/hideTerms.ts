import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { Messages } from '../protocol/struct/requests.ts';
import { requestTypes } from '../protocol/struct/requestTypes.ts';
import { hashStruct } from '../protocol/struct/typedData.ts';

/** The structs with private terms: the ledger sees only their salted struct hash. */
export type HiddenType = {
  [Type in keyof Messages]: Messages[Type] extends { readonly terms: object } ? Type : never;
}[keyof Messages];

/**
 * The same struct with the hash of its terms in their place, as its contract takes it.
 *
 * @param primitives - Hashes.
 * @param type - Name of the struct.
 * @param message - The struct.
 */
export function hideTerms<Type extends HiddenType>(
  primitives: Primitives,
  type: Type,
  { terms, ...others }: Messages[Type],
): Omit<Messages[Type], 'terms'> & { readonly termsHash: Bytes32 } {
  const name = requestTypes[type].find((field) => field.name === 'terms')?.type ?? '';
  return { ...others, termsHash: bytesToHex(hashStruct(primitives, requestTypes, name, terms)) };
}
