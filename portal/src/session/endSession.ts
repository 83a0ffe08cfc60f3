import { runSessionEnd } from './atSessionEnd.ts';
import { forgetPaths } from './usePrivateLocation.ts';
import type { Session } from './Session.ts';

/**
 * Wipes what a session holds in memory: its seeds and signing keys are overwritten, and the charts that it opened are dropped, with
 * what the page's paths name.
 * JavaScript cannot overwrite texts; the browser frees them when it collects garbage.
 *
 * @param session - The session; nothing works with it from then on.
 */
export function endSession(session: Session): void {
  endActing(session);
  // Whoever acts for a patient is locked with the patient's chart.
  if (session.acting !== undefined) endActing(session.acting.own);
}

/**
 * Wipes what one session holds in memory, and leaves the one behind it at work.
 *
 * @param session - That in which somebody acts for a patient.
 */
export function endActing({ party }: Session): void {
  runSessionEnd(party);
  forgetPaths();
  party.keys.seed().fill(0);
  party.keys.signingKey().fill(0);
  for (const former of party.formerKeys ?? []) former.seed().fill(0);
}
