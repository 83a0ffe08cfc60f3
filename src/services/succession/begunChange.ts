import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBegunOffice, readBegunStake } from '../../bindings/readBegunChange.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { requestTypes } from '../../protocol/struct/requestTypes.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { SignedRule } from '../../protocol/network/Successor.ts';
import { hashStruct } from '../../protocol/struct/typedData.ts';

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
  const begun = await readBegunOffice(ledger, registry, message.office);
  return compare(begun, hashStruct(primitives, requestTypes, 'OfficeChange', message));
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
  const begun = await readBegunStake(ledger, validators, message.key);
  return compare(begun, hashStruct(primitives, requestTypes, 'StakeChange', message));
}

function compare(begun: Bytes32, own: Uint8Array): BegunChange {
  if (begun === ZERO32) return 'none';
  return begun === bytesToHex(own) ? 'same' : 'other';
}
