import { hexToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { encodeProto } from './encodeProto.ts';
import type { ConsensusValidator } from './LightBlock.ts';

/**
 * The hash of a set of validators: the root of a tree over their keys and powers.
 *
 * @param validators - In the consensus' order (see `sortValidators`).
 * @returns 32 bytes.
 */
export function validatorsHash(
  primitives: Sha256,
  validators: readonly ConsensusValidator[],
): Uint8Array {
  return rootOf(
    primitives,
    validators.map(({ key, power }) => {
      const publicKey = encodeProto([[1, 'bytes', hexToBytes(key)]]);
      const validator = encodeProto([
        [1, 'message', publicKey],
        [2, 'varint', power],
      ]);
      return leafHash(primitives, validator);
    }),
  );
}
