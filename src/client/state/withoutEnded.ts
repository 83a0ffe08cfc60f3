import type { Bytes32 } from '../../protocol/ids.ts';
import type { PatientState } from './PatientState.ts';

/** Seconds after the deadline of its request until the opening of an ended right may go: a repeated end still finds it. */
const KEPT = 86_400;

/** A chart as k coordinators confirm it. */
export interface ChartNow {
  /** Grants that have not been ended. */
  readonly active: readonly Bytes32[];
  /** The present epoch. */
  readonly epoch: number;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Returns the state without the openings of rights that have ended, or that the ledger never took, and whose keys the present
 * epoch has left behind: no node gives a packet of theirs any more. Without it, renewed rights would fill the state, and then
 * no right could be given. Rights that bind a device stay: they say whose readings of before are.
 *
 * @param state - The patient's state.
 * @param chart - The chart as k coordinators confirm it.
 */
export function withoutEnded(state: PatientState, { active, epoch, now }: ChartNow): PatientState {
  const standing = new Set(active);
  const grants = state.grants.filter(
    ({ digest, grant, sealedTo, device }) =>
      standing.has(digest) ||
      device !== undefined ||
      sealedTo >= epoch ||
      grant.deadline + KEPT > now,
  );
  return grants.length === state.grants.length ? state : { ...state, grants };
}
