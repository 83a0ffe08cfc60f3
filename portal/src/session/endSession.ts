import { runSessionEnd } from './atSessionEnd.ts';
import { forgetCharts } from './charts.ts';
import { endReading } from './ownReading.ts';
import { forgetPaths } from './usePrivateLocation.ts';
import type { Session } from './Session.ts';
import { endWatch } from './watchHere.ts';

/**
 * Wipes what a session holds in memory: its seeds and signing keys are overwritten, and the charts that it opened are dropped, with
 * what the page's paths name.
 * JavaScript cannot overwrite texts; the browser frees them when it collects garbage.
 *
 * @param session - The session; nothing works with it from then on.
 */
export function endSession({ party }: Session): void {
  endWatch(party);
  endReading(party);
  runSessionEnd(party);
  forgetCharts(party);
  forgetPaths();
  party.keys.seed().fill(0);
  party.keys.signingKey().fill(0);
  for (const former of party.formerKeys ?? []) former.seed().fill(0);
}
