import {
  listChangedRecipients,
  listGrants,
  readAsked,
  type AccessAsked,
  type ChangedRecipient,
  type GrantListed,
} from '../../../src/client/index.ts';
import { collectNews } from './people.ts';
import type { Session } from './Session.ts';

/** Seconds before its end in which a right is said to end soon. */
const SOON = 7 * 24 * 3600;

/** Everything that waits for the patient. */
export interface WaitingNow {
  /** Requests for access. */
  readonly asked: readonly AccessAsked[];
  /** People whose key changed. */
  readonly changed: readonly ChangedRecipient[];
  /** Rights that end within a week. */
  readonly ending: readonly GrantListed[];
}

/**
 * Takes the patient's letters, and finds what waits for an answer.
 *
 * @param session - The patient.
 * @throws MedsealError what `collectNews`, `listChangedRecipients` and `listGrants` throw.
 */
export async function waitingFor({ party }: Session): Promise<WaitingNow> {
  await collectNews(party);
  const asked = await readAsked(party);
  const changed = await listChangedRecipients(party);
  const until = Math.floor(party.clock.now() / 1000) + SOON;
  const ending = (await listGrants(party)).filter(
    ({ state, grant }) => state === 'holds' && grant !== undefined && grant.terms.until <= until,
  );
  return { asked, changed, ending };
}
