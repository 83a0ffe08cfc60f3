import { OneOf } from '../wire/findShapeError.ts';
import { SIGNED_ERASED } from '../shapes/answerShapes.ts';
import { RECEIPT } from '../shapes/fileShapes.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import type { Receipt, SignedErased } from './evidence.ts';

/**
 * Certificate that organisations have destroyed what a patient erased, which can be verified offline with `network.json` alone. It has
 * no content and no key: what stays of a record is its entry.
 */
export interface ErasureCertificate {
  readonly format: 'medseal-erasure/1';
  /** Receipt of the patient's `Erase`. */
  readonly receipt: Receipt;
  /** Bodies of the entries that put the erased versions on the chart, in ascending order of the entries. */
  readonly versions: readonly string[];
  /** One of each organisation that stated it, in ascending order of the coordinators. */
  readonly statements: readonly SignedErased[];
}

/** `ErasureCertificate` */
export const ERASURE = shapeOfType<ErasureCertificate>('ErasureCertificate')({
  format: new OneOf('medseal-erasure/1'),
  receipt: RECEIPT,
  versions: ['text'],
  statements: [SIGNED_ERASED],
});
