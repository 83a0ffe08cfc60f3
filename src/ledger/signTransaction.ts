import { concatBytes, hexToBytes } from '../crypto/bytes.ts';
import { signDigest, type SigningKey } from '../crypto/keys/SigningKey.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import { rlpBytes, rlpList, rlpNumber } from './trie/rlp.ts';

/** A transaction to sign (EIP-1559). */
export interface UnsignedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly gas: number;
  /** Wei per gas at most; if fees are asked for, all of it goes to the block's maker. */
  readonly fee: bigint;
  /** Absent to create a contract. */
  readonly to?: Address;
  readonly data: Hex;
}

/**
 * Signs a transaction of type 2 (EIP-1559) with an empty access list.
 *
 * @param transaction - The transaction to sign.
 * @param key - The account's key.
 * @returns The envelope as `eth_sendRawTransaction` takes it.
 * @throws MedsealError `SEED_MALFORMED` if the key is not a scalar in range; as a `HeldKey` does.
 */
export function signTransaction(
  transaction: UnsignedTransaction,
  key: SigningKey,
  primitives: Primitives,
): Uint8Array {
  const { chainId, nonce, gas, fee, to, data } = transaction;
  const fields = [
    rlpNumber(chainId),
    rlpNumber(nonce),
    rlpNumber(0),
    rlpNumber(fee),
    rlpNumber(gas),
    rlpBytes(to === undefined ? new Uint8Array() : hexToBytes(to)),
    rlpNumber(0),
    rlpBytes(hexToBytes(data)),
    rlpList([]),
  ];
  const unsigned = concatBytes(TYPE, rlpList(fields));
  const signature = signDigest(primitives, primitives.keccak256(unsigned), key);
  const parity = rlpNumber((signature[64] ?? 27) - 27);
  const r = rlpBytes(withoutZeros(signature.subarray(0, 32)));
  const s = rlpBytes(withoutZeros(signature.subarray(32, 64)));
  return concatBytes(TYPE, rlpList([...fields, parity, r, s]));
}

const TYPE = Uint8Array.of(2);

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? new Uint8Array() : bytes.subarray(first);
}
