import {
  confirmFacts,
  listChangedRecipients,
  listGrants,
  readAsked,
  readMistakes,
  type AccessAsked,
  type ChangedRecipient,
  type GrantListed,
  type Mistake,
} from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { pressingVitals } from '../../../src/protocol/care/pressingVitals.ts';
import type { Vital } from '../../../src/protocol/struct/vitalTypes.ts';
import { collectNews } from './people.ts';
import type { Session } from './Session.ts';

/** Seconds before its end in which a right is said to end soon, and after an answer in which it is news. */
const SOON = 7 * 24 * 3600;

/** Everything that waits for the patient, but for what the chart shows: see `overdueOf`. */
export interface WaitingNow {
  /** Requests for access. */
  readonly asked: readonly AccessAsked[];
  /** People whose key changed. */
  readonly changed: readonly ChangedRecipient[];
  /** Reports of mistakes that were answered within a week. */
  readonly answered: readonly Mistake[];
  /** Wishes that a right is extended, without an answer. */
  readonly wishes: readonly Mistake[];
  /** Rights that hold. */
  readonly holding: readonly GrantListed[];
  /** Those of them that end within a week. */
  readonly ending: readonly GrantListed[];
  /** Birth and death of the patient, as far as others report them and the patient may object; a death always. */
  readonly said: readonly Vital[];
  /** Senders of letters that a former key of theirs signed. */
  readonly formerKeys: readonly Address[];
}

/**
 * Takes the patient's letters, and finds what waits for an answer.
 *
 * @param session - The patient.
 * @throws MedsealError what `collectNews`, `listChangedRecipients` and `listGrants` throw.
 */
export async function waitingFor({ party, handle }: Session): Promise<WaitingNow> {
  const { formerKeys } = await collectNews(party);
  const asked = await readAsked(party);
  const changed = await listChangedRecipients(party);
  const now = seconds(party.clock);
  const mistakes = await readMistakes(party);
  const wishes = mistakes.filter(({ to, answer }) => to === party.address && !answer);
  const answered = mistakes.filter(({ by, answer }) => {
    return by === party.address && (answer?.at ?? 0) > now - SOON;
  });
  const until = now + SOON;
  const holding = (await listGrants(party)).filter(({ state }) => state === 'holds');
  const ending = holding.filter(({ grant }) => grant !== undefined && grant.terms.until <= until);
  const { patient } = handle === undefined ? {} : await confirmFacts(party, { handle });
  const said = pressingVitals(patient?.life, now);
  return { asked, changed, answered, wishes, holding, ending, said, formerKeys };
}
