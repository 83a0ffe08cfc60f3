import type { Acknowledgement, CoordinatorSignature } from '../evidence/evidence.ts';
import { ADDRESS, BYTES32, OneOf, SIGNATURE, type Pattern } from '../wire/findShapeError.ts';
import type { Bytes32, Hex } from '../ids.ts';
import type { ShareRelease } from '../struct/requests.ts';
import { ACKNOWLEDGEMENT } from '../shapes/acknowledgementShape.ts';
import { messageShape } from '../shapes/messageShape.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import { SEAL_ASKED } from './ReleaseAsked.ts';
import { PAIR_IN_SET, type PairInSet } from './releasedView.ts';
import type { SaltedShare } from './releasedShare.ts';

/**
 * Proof of who released the key of a record for a view, which can be verified offline with `network.json` alone. It tells no
 * share but false ones: as many true ones as the threshold open the version for whoever has its packet.
 */
export interface ReleaseProof {
  readonly format: 'medseal-release/2';
  /** Acknowledgement of the view; its place in the log is not proven, as a receipt proves it. */
  readonly view: Acknowledgement;
  /** The recipient and the place to which the view's salt commits. */
  readonly recipient: string;
  readonly place: number;
  /** The record version, if the view is of a set. */
  readonly pair?: PairInSet;
  /** The seal of the file that the view is of, 130 bytes, and the hash of the encapsulation beside it. */
  readonly seal: Hex;
  readonly encapsulation: Bytes32;
  /** One of each coordinator that released. */
  readonly statements: readonly ReleaseStatement[];
}

/** A coordinator's statement that it released shares, with the proof that one of them was for the view and the seal. */
export interface ReleaseStatement extends CoordinatorSignature {
  readonly release: ShareRelease;
  /** Place of the view among those of the release, and their number. */
  readonly index: number;
  readonly size: number;
  /** RFC 9162 inclusion proof of the view's entry, hashes from the leaf up. */
  readonly inclusion: readonly Bytes32[];
  /** The same of the hash of the seal (`sealHash`). */
  readonly sealInclusion: readonly Bytes32[];
  /** The share, if it is false, with the proof that the coordinator signed it. */
  readonly share?: SignedShare;
}

/** A share at the same place of its release as its view. */
export interface SignedShare extends SaltedShare {
  /** RFC 9162 inclusion proof of its hash, hashes from the leaf up. */
  readonly inclusion: readonly Bytes32[];
}

/** A released share, whatever it is: 97 bytes. */
export const SHARE: Pattern<Hex> = /^0x[0-9a-f]{194}$/;
/** The salt of its hash, 16 bytes. */
export const SHARE_SALT: Pattern<Hex> = /^0x[0-9a-f]{32}$/;

/** `ReleaseProof` */
export const RELEASE_PROOF = shapeOfType<ReleaseProof>('ReleaseProof')({
  format: new OneOf('medseal-release/2'),
  view: ACKNOWLEDGEMENT,
  recipient: 'text',
  place: 'count',
  'pair?': PAIR_IN_SET,
  ...SEAL_ASKED,
  statements: [
    {
      coordinator: ADDRESS,
      signature: SIGNATURE,
      release: messageShape('ShareRelease'),
      index: 'count',
      size: 'count',
      inclusion: [BYTES32],
      sealInclusion: [BYTES32],
      'share?': { share: SHARE, salt: SHARE_SALT, inclusion: [BYTES32] },
    },
  ],
});
