import type { Receipt } from '../evidence/evidence.ts';
import { BYTES32, CountBelow, OneOf } from '../wire/findShapeError.ts';
import type { Bytes32 } from '../ids.ts';
import { RECEIPT } from '../shapes/fileShapes.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';

/** Proof of one reading without the others of its batch, which can be verified offline with `network.json` alone. */
export interface ReadingProof {
  readonly format: 'medseal-reading/1';
  /** Receipt of the batch's entry; its body has what the device signed. */
  readonly receipt: Receipt;
  /** Place of the reading in its batch, from 0. */
  readonly place: number;
  /** The reading's line as its device signed it, without the line feed. */
  readonly line: string;
  /** RFC 9162 inclusion proof of the line in the batch's root, hashes from the leaf up. */
  readonly inclusion: readonly Bytes32[];
}

/** `ReadingProof` */
export const READING_PROOF = shapeOfType<ReadingProof>('ReadingProof')({
  format: new OneOf('medseal-reading/1'),
  receipt: RECEIPT,
  place: new CountBelow(2 ** 32),
  line: 'text',
  inclusion: [BYTES32],
});
