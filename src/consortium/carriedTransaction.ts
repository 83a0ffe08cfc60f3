import type { Primitives } from '../crypto/Primitives.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import type { VerifiedTransaction } from './blockTransactions.ts';
import { allOf, bytesOf, decodeProto } from './decodeProto.ts';

/**
 * Finds the bytes of an Ethereum transaction in the block's transaction that carried it: they are what its hash is of.
 *
 * @param primitives - Keccak-256.
 * @param transaction - As it was verified.
 * @returns Undefined if nothing in the carrier has that hash.
 * @throws MedsealError `PEER_MALFORMED` if the carrier cannot be read.
 */
export function carriedTransaction(
  { keccak256 }: Pick<Primitives, 'keccak256'>,
  { carrier, hash }: Pick<VerifiedTransaction, 'carrier' | 'hash'>,
): Uint8Array | undefined {
  const body = decodeProto(bytesOf(decodeProto(carrier), 1));
  // Messages differ between versions of the ledger in the number of the field.
  const fields = allOf(body, 1).flatMap((message) => [
    ...decodeProto(bytesOf(decodeProto(message), 2)).values(),
  ]);
  return fields
    .flat()
    .find((value) => typeof value !== 'bigint' && bytesToHex(keccak256(value)) === hash) as
    Uint8Array | undefined;
}
