import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import type { ConsensusValidator } from './LightBlock.ts';

/** Validators in the consensus' order: the most powerful first, of equal ones by address. */
export function sortValidators(
  primitives: Sha256,
  validators: readonly ConsensusValidator[],
): readonly ConsensusValidator[] {
  return validators
    .map((validator) => ({ validator, address: validatorAddress(primitives, validator.key) }))
    .toSorted((left, right) => {
      const byPower = right.validator.power - left.validator.power;
      if (byPower !== 0) return byPower;
      return left.address < right.address ? -1 : 1;
    })
    .map(({ validator }) => validator);
}

/** The name that a validator has in votes: the first 20 bytes of SHA-256 of its key. */
export function validatorAddress(primitives: Sha256, key: Bytes32): Address {
  return bytesToHex(primitives.sha256(hexToBytes(key)).subarray(0, 20));
}
