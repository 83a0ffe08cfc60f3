import type { SignedTally } from '../evidence/evidence.ts';
import { ADDRESS, ListOf, SIGNATURE } from '../wire/findShapeError.ts';
import { LOG_CONFLICT, type LogConflict } from '../evidence/LogConflict.ts';
import { messageShape } from '../shapes/messageShape.ts';
import { shapeOfType } from '../shapes/shapeOfType.ts';
import { MOST_NOTED, RELEASE_NOTE, type ReleaseNote } from './ReleaseNote.ts';

/** A coordinator's releases of a chart, in the order of their moments, with its signature over the whole list. */
export interface ReleasesTold extends SignedTally {
  /** Those of the page, at most 256. The tally has the number, and the root of the entries, of all since the moment. */
  readonly notes: readonly ReleaseNote[];
  /** Proof that logs signed two histories, of which it was presented one. */
  readonly conflicts: readonly LogConflict[];
}

/** `ReleasesTold` */
export const RELEASES_TOLD = shapeOfType<ReleasesTold>('ReleasesTold')({
  notes: new ListOf(RELEASE_NOTE, MOST_NOTED),
  conflicts: new ListOf(LOG_CONFLICT, MOST_NOTED),
  tally: messageShape('Tally'),
  coordinator: ADDRESS,
  signature: SIGNATURE,
});
