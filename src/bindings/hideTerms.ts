import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { Messages } from '../protocol/struct/requests.ts';
import { requestTypes } from '../protocol/struct/requestTypes.ts';
import { hashStruct } from '../protocol/struct/typedData.ts';

/** The structs of which the ledger sees the terms only as their salted struct hash; `UndoVital` has the terms `UndoTerms`. */
type HiddenType =
  | 'Prescription'
  | 'Dispense'
  | 'Birth'
  | 'Death'
  | 'UndoVital'
  | 'Will'
  | 'InsuranceClaim'
  | 'ClaimDecision'
  | 'ClaimSupplement'
  | 'DisputeClaim'
  | 'ClaimJudgement';

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
  const name = type === 'UndoVital' ? 'UndoTerms' : (`${type}Terms` as const);
  const termsHash = bytesToHex(hashStruct(primitives, requestTypes, name, terms));
  return { ...others, termsHash };
}
