import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { grantRight, type RightGiven } from '../rights/grantRight.ts';
import { isSameRight } from '../rights/isSameRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';
import { aboutGrant, findRight, isRecent, requireExtension } from './aboutRight.ts';
import { keepMistake, readMistakes } from './keptMistakes.ts';
import type { Mistake } from './Mistake.ts';
import { requireWords, sendAnswer, sendReport } from './mistakes.ts';

/** Seconds by which the end of a right may lie before the one that is wished, and still be as wished. */
const SAME_END = 60;

/** A message about a right. */
export interface RightAsked {
  /** Digest of the grant. */
  readonly right: Bytes32;
  /** Question, or reason, 2,000 characters at most. */
  readonly words: string;
  /** The end that the grantee wishes, Unix seconds; absent for the question of a patient. */
  readonly until?: number | undefined;
}

/**
 * Writes about a right to its other side: its grantee asks the patient to extend it, with an end and a reason; the patient
 * asks the grantee a question, such as why it is needed. It goes by a letter that only the other side can open, and gives nothing
 * by itself. The same message again is the same message, and goes once more.
 *
 * @param party - The grantee, or the patient.
 * @param asked - Right, words, and for a grantee the end, in Unix seconds.
 * @throws MedsealError `NOT_FOUND` if the right is neither the party's nor on the party's chart; `RIGHT_ENDED` if it was
 * ended, or its time passed 30 days ago; `RIGHT_MISSING` if the ledger does not have it; `RIGHT_INVALID` for an end that this network does not
 * allow; `ARGUMENT_INVALID` for words that are empty or too long, an end that extends nothing, a missing one, or one that a
 * patient names; `QUOTA_SPENT` while 3 messages about the right, or 16 on the chart, wait for an answer; `RECIPIENT_CHANGED`,
 * `PARTY_SUSPENDED`, `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const [right] = await knownRights(doctor);
 * const until = Math.floor(Date.now() / 1000) + 30 * 24 * 3600;
 * const words = 'The wound needs another month.';
 * if (right !== undefined) await askAboutRight(doctor, { right: right.digest, words, until });
 * ```
 */
export async function askAboutRight(
  party: Party,
  { right: digest, words: given, until }: RightAsked,
): Promise<Mistake> {
  const words = requireWords(given);
  const found = await findRight(party, digest);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'right' });
  const { grant, isGiven } = found;
  if (isGiven !== (until === undefined)) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: 'until',
      reason: isGiven ? 'you give the right yourself' : 'say until when you need it',
    });
  }
  if (until !== undefined) requireExtension(party, grant, until);
  const controller = await confirmAskable(party, digest, grant);
  const about = aboutGrant(digest, grant);
  if (!isGiven) {
    const said = { words, topic: 'extension', ...(until !== undefined && { until }) } as const;
    return await sendReport(party, { to: controller, about, said, shown: { right: digest } });
  }
  const { recipients } = await readPatientState(party);
  const to = grant.terms.grantee;
  return await sendReport(party, {
    to,
    about,
    said: { words, topic: 'question' },
    shown: { right: digest },
    pinned: recipients[to],
  });
}

/** An answer to the wish that a right is extended. */
export interface RightExtended {
  /** The message. */
  readonly id: Bytes32;
  /** The end, if it differs from the one that is wished, Unix seconds. */
  readonly until?: number;
  /** Words beside it. */
  readonly words?: string;
}

/**
 * Extends a right as its grantee asked: gives one with the same terms until the wished end, and answers with it. A right that
 * was renewed meanwhile, until then or longer, is the answer; none is given twice. To decline, see `answerMistake`.
 *
 * @param party - The patient.
 * @param extended - The message, and an end in Unix seconds if it differs.
 * @throws MedsealError `NOT_FOUND` if the device knows no such message to the patient; `RIGHT_ENDED` if the patient ended the
 * right meanwhile; `RIGHT_MISSING`; `ARGUMENT_INVALID`; what `grantRight` and `answerMistake` throw.
 * @example
 * ```ts
 * const { mistakes } = await checkInbox(patient);
 * const wish = mistakes.find(({ topic }) => topic === 'extension');
 * if (wish !== undefined) await extendRight(patient, { id: wish.id });
 * ```
 */
export async function extendRight(
  party: Party,
  { id, until: other, words: given }: RightExtended,
): Promise<Mistake> {
  const wish = (await readMistakes(party)).find((each) => each.id === id);
  const until = other ?? wish?.until;
  if (wish?.to !== party.address || wish.topic !== 'extension' || until === undefined) {
    throw new MedsealError('NOT_FOUND', { what: 'wish to extend a right' });
  }
  const words = given === undefined ? '' : requireWords(given);
  const found = await findRight(party, wish.about.entry);
  if (found?.isGiven !== true) throw new MedsealError('RIGHT_ENDED', {});
  const right = rightUntil(found.grant, until);
  const standing = await renewedUntil(party, right);
  if (standing === undefined) {
    requireExtension(party, found.grant, until);
    await confirmAskable(party, wish.about.entry, found.grant);
  }
  const { digest } = standing ?? (await grantRight(party, right));
  const { unsent: _unsent, entry: _entry, pair: _pair, ...shared } = wish;
  const at = Math.max(seconds(party.clock), (wish.answer?.at ?? 0) + 1);
  const answered = { ...shared, answer: { words, at, grant: digest }, unsent: true };
  return await sendAnswer(party, await keepMistake(party, answered));
}

/** Requires that k coordinators confirm a right, and returns the patient's address. */
async function confirmAskable(party: Party, digest: Bytes32, grant: Grant): Promise<Address> {
  const { handle } = grant;
  const { grant: facts, patient } = await confirmFacts(party, { grant: digest, handle });
  if (facts?.handle !== handle || patient === undefined)
    throw new MedsealError('RIGHT_MISSING', {});
  if (facts.state === 'ended' || !isRecent(party, grant)) throw new MedsealError('RIGHT_ENDED', {});
  return patient.controller;
}

function rightUntil({ terms }: Grant, until: number): RightGiven {
  return {
    grantee: terms.grantee,
    categories: terms.categories,
    ...(terms.record !== ZERO32 && { record: terms.record }),
    actions: ACTIONS.filter((action) => terms[action]),
    purpose: terms.purpose,
    until,
  };
}

/** A right that holds now and gives the same, until then or longer. */
async function renewedUntil(
  party: Party,
  right: RightGiven,
): Promise<Pick<KnownGrant, 'digest'> | undefined> {
  return (await listGrants(party)).find(({ state, digest, grant }) => {
    if (state !== 'holds' || grant === undefined) return false;
    const { until } = grant.terms;
    const isSame = isSameRight({ grant, digest, sealedTo: 0 }, { ...right, until });
    return isSame && until >= right.until - SAME_END;
  });
}
