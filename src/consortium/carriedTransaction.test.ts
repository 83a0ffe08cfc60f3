import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { carriedTransaction } from './carriedTransaction.ts';
import { encodeProto } from './encodeProto.ts';

const raw = utf8ToBytes('an Ethereum transaction');
const hash = bytesToHex(portablePrimitives.keccak256(raw));

function message(value: Uint8Array): Uint8Array {
  return encodeProto([[2, 'bytes', encodeProto([[6, 'bytes', value]])]]);
}

/** A block’s transaction whose messages have these values as their sixth field. */
function carrying(...values: readonly Uint8Array[]): Uint8Array {
  const body = encodeProto(values.map((value) => [1, 'bytes', message(value)] as const));
  return encodeProto([[1, 'bytes', body]]);
}

describe('carriedTransaction', () => {
  it('finds the bytes that have the hash, in whichever message they are', () => {
    const other = utf8ToBytes('another');
    for (const carrier of [carrying(raw), carrying(other, raw), carrying(raw, other)]) {
      assert.deepEqual(carriedTransaction(portablePrimitives, { carrier, hash }), raw);
    }
  });

  it('finds nothing if nothing has the hash', () => {
    for (const carrier of [carrying(), carrying(utf8ToBytes('another')), new Uint8Array()]) {
      assert.equal(carriedTransaction(portablePrimitives, { carrier, hash }), undefined);
    }
  });

  it('refuses bytes that hold something else than a block’s transaction', () => {
    for (const carrier of [new Uint8Array([0x0a, 9, 1]), new Uint8Array([0x0f])]) {
      assert.throws(
        () => carriedTransaction(portablePrimitives, { carrier, hash }),
        (error) => isMedsealError(error, 'PEER_MALFORMED'),
      );
    }
  });
});
