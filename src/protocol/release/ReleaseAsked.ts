import type { Bytes32, Organisation } from '../ids.ts';
import type { Grant } from '../requests.ts';
import type { Will } from '../vitalRecords.ts';

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
  readonly opening?: Grant;
  /** Opening of the will that lets the right stand, for a chart of the dead. */
  readonly will?: Will;
}

/** A view for which shares are asked. */
export interface ViewAsked {
  /** Place of its entry in the agent's log. */
  readonly index: number;
  /** Its place among the views with this recipient, to which its salt commits. */
  readonly place: number;
}

/** The largest number of views for which shares are asked at once. */
export const MOST_RELEASED = 128;
