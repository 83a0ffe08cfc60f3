import type { Problem } from '../../errors/MedsealError.ts';
import type { Base64, CoordinatorSignature } from '../evidence/evidence.ts';
import type { Bytes32, Hex } from '../ids.ts';
import type { ShareRelease } from '../struct/requests.ts';

/** Shares that a coordinator released for logged views, sealed to their reader. */
export interface ReleasedShares extends CoordinatorSignature {
  readonly release: ShareRelease;
  /** Names of the views that it released for (`releasedName`), in the order in which they were asked for and of the shares; none if it refused all. */
  readonly entries: readonly Bytes32[];
  /** `SealedShares`, sealed to the recipient that the views name. */
  readonly sealed: Base64;
  /** The other views that were asked for. Nobody signs them: an answer that refuses proves nothing. */
  readonly refused?: readonly RefusedView[];
}

/** A view that a coordinator releases nothing for, and why. */
export interface RefusedView {
  /** Name of the view. */
  readonly entry: Bytes32;
  readonly problem: Problem;
}

/** The plaintext of released shares. */
export interface SealedShares {
  readonly format: 'medseal-shares/2';
  /** Points with their proofs, 97 bytes each, in the order of the entries. */
  readonly shares: readonly Hex[];
  /** The salt of each share's hash, 16 bytes. */
  readonly salts: readonly Hex[];
}
