import type { Pattern } from '../wire/findShapeError.ts';
import { BYTES32, CountBelow, OneOf, SIGNATURE } from '../wire/findShapeError.ts';
import type { Bytes32, Hex } from '../ids.ts';

/** A device's statement of one batch of readings: 1 to 2^32 - 1 of them, in their order since the device started. */
export interface ReadingsHeader {
  /** Digest of the right that binds the device to a patient and to categories. */
  readonly grant: Bytes32;
  /** Number of times that the device has started, kept through a loss of power; less than 2^32. */
  readonly boot: number;
  /** Number of the first reading since that start, from 0. */
  readonly first: number;
  /** Number of readings. */
  readonly count: number;
  /** `set`: the device knows the time. `unset`: its times count from its start. */
  readonly clock: 'set' | 'unset';
  /** Time of the first reading: Unix milliseconds, or milliseconds since the start. */
  readonly start: number;
  /** Time at which the batch ended, in the same unit. */
  readonly end: number;
  /** Root of the device's batch before this one, of an earlier start too; `ZERO32` if it knows none. */
  readonly previous: Bytes32;
  /** RFC 6962 root over the readings, each a leaf: the bytes of its line. */
  readonly root: Bytes32;
  /** SHA-256 of the age file in which the device sealed the batch; `ZERO32` if a gateway seals it. */
  readonly file: Bytes32;
  /** The patient's epoch that the device sealed it to; absent if a gateway seals it. */
  readonly epoch?: number;
  /** 16 random bytes that a device draws for each file which it seals under a release key; absent from other batches. */
  readonly salt?: Hex;
}

/** Exactly 16 bytes. */
const SALT: Pattern<Hex> = /^0x[0-9a-f]{32}$/;

/** A batch's statement as its device signed it. */
export interface SignedReadings {
  readonly header: ReadingsHeader;
  /** 65 bytes: r ‖ s ‖ v over `readingsDigest`, by the device's secp256k1 key. */
  readonly signature: Hex;
}

/** Exactly a `SignedReadings`. */
export const SIGNED_READINGS = {
  header: {
    grant: BYTES32,
    boot: new CountBelow(2 ** 32),
    first: 'count',
    count: new CountBelow(2 ** 32),
    clock: new OneOf('set', 'unset'),
    start: 'count',
    end: 'count',
    previous: BYTES32,
    root: BYTES32,
    file: BYTES32,
    'epoch?': 'count',
    'salt?': SALT,
  },
  signature: SIGNATURE,
} as const;
