import {
  confirmFacts,
  isMedsealError,
  listChangedRecipients,
  listCorrections,
  listGrants,
  readAsked,
  readMistakes,
  type AccessAsked,
  type ChangedRecipient,
  type Correction,
  type GrantListed,
  type Mistake,
} from '../../../src/client/index.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { pressingVitals } from '../../../src/protocol/care/pressingVitals.ts';
import type { Vital } from '../../../src/protocol/struct/vitalTypes.ts';
import { ownChart } from './charts.ts';
import { collectNews } from './people.ts';
import type { Session } from './Session.ts';

/** Seconds before its end in which a right is said to end soon, and after an answer in which it is news. */
const SOON = 7 * 24 * 3600;

/** Everything that waits for the patient. */
export interface WaitingNow {
  /** Requests for access. */
  readonly asked: readonly AccessAsked[];
  /** People whose key changed. */
  readonly changed: readonly ChangedRecipient[];
  /** Reports of mistakes that were answered within a week. */
  readonly answered: readonly Mistake[];
  /** Objections that their author did not answer in time, as the chart listed last shows. */
  readonly overdue: readonly Correction[];
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
export async function waitingFor(session: Session): Promise<WaitingNow> {
  const { party, handle } = session;
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
  const overdue = handle === undefined ? [] : await overdueOf(session);
  return { asked, changed, answered, overdue, wishes, holding, ending, said, formerKeys };
}

/** A chart that cannot be read keeps nothing else that waits from being shown. */
async function overdueOf(session: Session): Promise<readonly Correction[]> {
  try {
    const all = await listCorrections(session.party, await ownChart(session));
    return all.filter(({ state }) => state === 'overdue');
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return [];
  }
}
