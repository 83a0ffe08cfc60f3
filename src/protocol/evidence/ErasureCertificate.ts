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
  /**
   * Statements that the patient's audit contradicts, of any versions: the organisation served erased records after its own date. They
   * count for nothing, and stay, so that a later date clears nobody. Absent while nobody did.
   */
  readonly broken?: readonly SignedErased[];
}

/** `ErasureCertificate` */
export const ERASURE = shapeOfType<ErasureCertificate>('ErasureCertificate')({
  format: new OneOf('medseal-erasure/1'),
  receipt: RECEIPT,
  versions: ['text'],
  statements: [SIGNED_ERASED],
  'broken?': [SIGNED_ERASED],
});
