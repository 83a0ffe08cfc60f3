import { SHA256 } from '@stablelib/sha256';
import type { CreateSha256 } from './Sha256Stream.ts';

/**
 * Starts a SHA-256 (FIPS 180-4) that runs anywhere. This library keeps its state in an array of words: in a browser, whose
 * small integers have 31 bits, that is over twice as fast as state in the fields of an object.
 */
export const portableSha256: CreateSha256 = () => new SHA256();
