import type { CoordinatorSignature } from '../evidence/evidence.ts';
import { ADDRESS, BYTES32, SIGNATURE } from '../wire/findShapeError.ts';
import type { Bytes32 } from '../ids.ts';
import type { ShareRelease } from '../struct/requests.ts';
import { messageShape } from '../shapes/messageShape.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';

/** A coordinator's own note that it released shares for a view, which it signed when it did so first. */
export interface ReleaseNote extends CoordinatorSignature {
  /** Entry of the view. */
  readonly entry: Bytes32;
  /** Leaf of the record version, if the view is of a set. */
  readonly leaf?: Bytes32;
  /** Of this view alone; it tells no share. */
  readonly release: ShareRelease;
}

/** The largest number of views whose releases are asked for at once. */
export const MOST_NOTED = 256;

/** `ReleaseNote` */
export const RELEASE_NOTE = shapeOfType<ReleaseNote>('ReleaseNote')({
  entry: BYTES32,
  'leaf?': BYTES32,
  release: messageShape('ShareRelease'),
  coordinator: ADDRESS,
  signature: SIGNATURE,
});
