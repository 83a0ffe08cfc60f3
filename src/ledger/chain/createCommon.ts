import { Common, Hardfork, Mainnet, type CustomCrypto, type ParamsDict } from '@ethereumjs/common';
import {
  bigIntToBytes,
  bytesToBigInt,
  SECP256K1_ORDER,
  SECP256K1_ORDER_DIV_2,
  setLengthLeft,
} from '@ethereumjs/util';
import { concatBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';

/**
 * The rules that the embedded engine runs: Osaka (what the contracts' compiler aims at) under the ledger's own
 * chain id, with the hashes and the curve of the primitives.
 *
 * @param chainId - EIP-155 chain id.
 */
export function createCommon(chainId: number, primitives: Primitives): Common {
  return new SharedCommon({
    chain: { ...Mainnet, name: 'medseal', chainId },
    hardfork: Hardfork.Osaka,
    customCrypto: customCrypto(primitives),
  });
}

/**
 * The library copies the rules, and merges the same parameter tables into the copy, for every transaction and
 * header that it makes: 3 ms each. Here the rules never change, so that one object serves all.
 */
class SharedCommon extends Common {
  readonly #merged = new WeakSet<ParamsDict>();

  override copy(): Common {
    return this;
  }

  override updateParams(params: ParamsDict): void {
    if (this.#merged.has(params)) return;
    this.#merged.add(params);
    super.updateParams(params);
  }
}

function customCrypto(primitives: Primitives): CustomCrypto {
  return {
    // The library's bloom filter reads the digest's whole buffer, so the digest must be all of it.
    keccak256: (data) => {
      const digest = primitives.keccak256(data);
      return digest.length === digest.buffer.byteLength ? digest : digest.slice();
    },
    sha256: (data) => primitives.sha256(data),
    ecrecover: (digest, v, r, s, chainId) => {
      const parity = chainId === undefined || v <= 1n ? v : v - chainId * 2n - 35n;
      const bit = Number(parity >= 27n ? parity - 27n : parity);
      return recoverAny(primitives, digest, bit, bytesToBigInt(r), bytesToBigInt(s)).subarray(1);
    },
  };
}

/**
 * The public key of any signature, high s among them: the precompile at 0x01 takes it, while the primitives
 * refuse it. (r, s, parity) and (r, n - s, 1 - parity) are signatures of one key.
 */
function recoverAny(
  primitives: Primitives,
  digest: Uint8Array,
  bit: number,
  r: bigint,
  s: bigint,
): Uint8Array {
  const high = s > SECP256K1_ORDER_DIV_2;
  const low = high ? SECP256K1_ORDER - s : s;
  const parity = high ? 1 - bit : bit;
  if (low < 0n) throw new RangeError('s is not below the order of the curve.');
  return primitives.recover(digest, concatBytes(word(r), word(low), Uint8Array.of(27 + parity)));
}

function word(value: bigint): Uint8Array {
  return setLengthLeft(bigIntToBytes(value), 32);
}
