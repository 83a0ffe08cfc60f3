import type { RightOpening } from '../rights/RightOpening.ts';
import type { Bytes32, Hex, Organisation } from '../ids.ts';
import { BYTES32, type Pattern } from '../wire/findShapeError.ts';
import type { Will } from '../care/vitalRecords.ts';
import type { PairInSet } from './releasedView.ts';

/** Question for the shares that open record versions, whose views stand in the agent's log. */
export interface ReleaseAsked {
  /** The recipient to which the salts of the views commit (`readerSalt`), `age1pq1…`. */
  readonly recipient: string;
  /** At most 128. */
  readonly views: readonly ViewAsked[];
  /** Id of the release key that the records are sealed under; the present one if absent. */
  readonly key?: Bytes32;
  /** Organisations whose shares were false: those of as many others are wanted. */
  readonly without?: readonly Organisation[];
  /** Opening of the grant that the views rely on, by which coordinators judge again. */
  readonly opening?: RightOpening;
  /** Opening of the will that lets the right stand, for a chart of the dead. */
  readonly will?: Will;
}

/** The seal of a file, with what its proof is bound to beside the record version: both stand in the file's header. */
export interface SealAsked {
  /** 130 bytes. */
  readonly seal: Hex;
  /** SHA-256 of the encapsulation to the epoch's recipient. */
  readonly encapsulation: Bytes32;
}

/** A view for which shares are asked. */
export interface ViewAsked extends SealAsked {
  /** Place of its entry in the agent's log. */
  readonly index: number;
  /** Its place among the views with this recipient, to which its salt commits. */
  readonly place: number;
  /** Of a set of views: the record version. */
  readonly pair?: PairInSet;
}

/** The shapes of `SealAsked`. */
export const SEAL_ASKED = {
  seal: /^0x[0-9a-f]{260}$/ as Pattern<Hex>,
  encapsulation: BYTES32,
} as const;

/** The largest number of views for which shares are asked at once. */
export const MOST_RELEASED = 128;
