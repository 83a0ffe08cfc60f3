import { bytesToHex } from '../crypto/bytes.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { ConsensusValidator } from './LightBlock.ts';
import { sortValidators } from './sortValidators.ts';
import { validatorsHash } from './validatorsHash.ts';
import type { TrustedBlock } from './verifyBlock.ts';

/** The founding of a consortium's ledger, as its organisations agreed on it. */
export interface ConsortiumFounding {
  /** The chain's name, `medseal-` and 32 hex digits; it binds the first state. */
  readonly chain: string;
  /** When the ledger begins, in seconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** The founding validators; a stake of n has the power n. */
  readonly validators: readonly ConsensusValidator[];
}

/** The trust that a network's founding gives: its validators sign the first block. */
export function foundingTrust(primitives: Sha256, founding: ConsortiumFounding): TrustedBlock {
  const validators = sortValidators(primitives, founding.validators);
  return {
    chain: founding.chain,
    height: 0,
    time: founding.time,
    validators,
    nextValidatorsHash: bytesToHex(validatorsHash(primitives, validators)),
  };
}

/**
 * The founding that a network file names.
 *
 * @param network - The network file.
 * @returns Undefined if its ledger is at one organisation.
 */
export function foundingOf({
  ledger,
  founders = [],
}: Pick<NetworkFile, 'ledger' | 'founders'>): ConsortiumFounding | undefined {
  const { chain, timestamp: time = 0, of } = ledger;
  if (chain === undefined) return undefined;
  const began = of?.validators ?? founders.flatMap(({ validator }) => validator ?? []);
  const validators = began.map(({ key, stake: power }) => ({ key, power }));
  return { chain, time, validators };
}
