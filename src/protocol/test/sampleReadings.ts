import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { ZERO32 } from '../ids.ts';
import { readingsDigest } from '../sensors/readingsDigest.ts';
import type { ReadingsHeader, SignedReadings } from '../sensors/ReadingsHeader.ts';
import { readingsRoot } from '../sensors/readingsRoot.ts';
import { NOW } from './sampleEvidence.ts';
import { primitives, signatory, word, type Signatory } from './sampleNetwork.ts';

/** Batches that invented devices sign. */

export const sensor = signatory('sensor');

/** Lines of a batch: a pulse each second. */
export const LINES = ['70', '71', '72'].map(
  (value, at) => `{"at":${(NOW - 10 + at) * 1000},"code":149530,"value":${value}}`,
);

/** A batch of three readings, which ended seven seconds ago, changed where said. */
export function sampleHeader(change: Partial<ReadingsHeader> = {}): ReadingsHeader {
  return {
    grant: word('right of the sensor'),
    boot: 1,
    first: 0,
    count: LINES.length,
    clock: 'set',
    start: (NOW - 10) * 1000,
    end: (NOW - 7) * 1000,
    previous: ZERO32,
    root: readingsRoot(primitives, LINES),
    file: ZERO32,
    ...change,
  };
}

/** Has a device sign a batch. */
export function signedReadings(
  header: ReadingsHeader,
  { signingKey }: Pick<Signatory, 'signingKey'> = sensor,
): SignedReadings {
  const digest = hexToBytes(readingsDigest(primitives, header));
  return { header, signature: bytesToHex(primitives.sign(digest, signingKey)) };
}
