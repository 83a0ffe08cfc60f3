import type { Acknowledgement, SignedVerdict } from '../evidence/evidence.ts';
import { VERDICT } from '../evidence/evidenceShapes.ts';
import { BYTES32 } from '../wire/findShapeError.ts';
import { shapeOfType } from './shapeOfType.ts';

/** `SignedVerdict` */
export const SIGNED_VERDICT = shapeOfType<SignedVerdict>('SignedVerdict')(VERDICT);

/** `Acknowledgement` */
export const ACKNOWLEDGEMENT = shapeOfType<Acknowledgement>('Acknowledgement')({
  log: 'text',
  index: 'count',
  entry: BYTES32,
  body: 'text',
  verdicts: [SIGNED_VERDICT],
});
