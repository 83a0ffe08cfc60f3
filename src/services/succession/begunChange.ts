import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBegunOffice, readBegunStake } from '../../bindings/readBegunChange.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { requestTypes } from '../../protocol/requestTypes.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import type { SignedRule } from '../../protocol/Successor.ts';
import { hashStruct } from '../../protocol/typedData.ts';

/** A change's relation to the one that the ledger began: a number alone does not tell, for several can be signed with it. */
export type BegunChange = 'same' | 'other' | 'none';

/** A ledger that changes are compared with. */
export interface BegunSource extends Pick<SigningContext, 'primitives'> {
  readonly ledger: LedgerProvider;
}

/**
 * Compares a change of an office with the one that is begun and not finished.
 *
 * @param source - The ledger.
 * @param registry - The contract.
 * @param message - The change.
 */
export async function begunOffice(
  { ledger, primitives }: BegunSource,
  registry: Address,
  message: SignedRule<'OfficeChange'>['message'],
): Promise<BegunChange> {
  const hash = await readBegunOffice(ledger, registry, message.office);
  if (hash === ZERO32) return 'none';
  const own = bytesToHex(hashStruct(primitives, requestTypes, 'OfficeChange', message));
  return hash === own ? 'same' : 'other';
}

/**
 * Compares a change of a stake with the one of its key that was begun last.
 *
 * @param source - The ledger.
 * @param validators - The contract.
 * @param message - The change.
 */
export async function begunStake(
  { ledger, primitives }: BegunSource,
  validators: Address,
  message: SignedRule<'StakeChange'>['message'],
): Promise<BegunChange> {
  const hash = await readBegunStake(ledger, validators, message.key);
  if (hash === ZERO32) return 'none';
  const own = bytesToHex(hashStruct(primitives, requestTypes, 'StakeChange', message));
  return hash === own ? 'same' : 'other';
}
