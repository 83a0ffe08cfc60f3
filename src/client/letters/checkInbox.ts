import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { parseMessage, parseSigned } from '../../protocol/parseSigned.ts';
import type { Grant, Signed } from '../../protocol/requests.ts';
import { digestOf } from '../../protocol/signing.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import { verifyOwn } from '../../protocol/verifyOwn.ts';
import type { Will } from '../../protocol/vitalRecords.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import {
  keepAsked,
  keepAskedFor,
  readAllAsked,
  readAsked,
  readAskedFor,
  type AccessAsked,
} from './accessRequests.ts';
import { askIn } from './askIn.ts';
import { keepRight } from '../party/knownRights.ts';
import { dropHeldAnswers, holdAnswers, readHeldAnswers } from './heldAnswers.ts';
import type { Mistake } from './Mistake.ts';
import { takenClaimStep } from '../claims/keptClaimSteps.ts';
import { takenDispense } from '../prescriptions/keptDispenses.ts';
import { collectLetters, type LetterContent, type OpenedLetter } from './letters.ts';
import { ownLetter, shareNotes, takeNotes, type OwnLetter } from './shareNotes.ts';
import { takenMistake, takenMistakeAnswer } from './takenMistake.ts';
import type { Party } from '../party/Party.ts';
import { requireSoundRight } from '../rights/grantRight.ts';
import { restoreRights } from '../rights/restoreRights.ts';
import { readPatientState } from '../state/PatientState.ts';
import { takenWill } from '../vital/keptWills.ts';

/**
 * Largest number of requests that may wait for a patient's answer, in all and of one party; further ones are discarded.
 * As many answers of one party may be for requests that the device does not know yet.
 */
const [MOST_OPEN, MOST_OF_ONE] = [200, 8];
/** Most such answers in all: a node that lies can make up letters of any number of senders. */
const MOST_HELD = 512;
/** Seconds by which the deadline of a request may lie in the future. */
const LONGEST_OPEN = 90 * 24 * 3600;

/** Content of the letters that were taken. */
export interface InboxNews {
  /** Rights of the party that this device did not know. */
  readonly rights: readonly Grant[];
  /** Requests to the patient. */
  readonly requests: readonly AccessAsked[];
  /** Requests to the patient that their authors withdrew. */
  readonly withdrawals: readonly AccessAsked[];
  /** Answers to requests of the party. */
  readonly answers: readonly AccessAsked[];
  /** Reports of mistakes to the party. */
  readonly mistakes: readonly Mistake[];
  /** Reports of the party that were answered. */
  readonly mistakeAnswers: readonly Mistake[];
  /** Wills that patients handed over: see `willFor`. */
  readonly wills: readonly Will[];
  /** Number of letters of pharmacists about what they dispensed, for `addDispenses`. */
  readonly dispenses: number;
  /** Number of letters about steps of claims, for `listClaims`. */
  readonly claimSteps: number;
  /** Number of letters without valid content. */
  readonly discarded: number;
}

/**
 * Takes the letters that wait for a party, and stores their valid content on its device: a right that the ledger has, a
 * request that its author signed, an answer of the patient who was asked. Requests and answers that no log shows are
 * discarded. A report of a mistake counts from the patient, about an entry of the party itself; its answer, from the
 * author of that entry. Then it restores the rights whose letters came to another device of the party, see `restoreRights`, and
 * takes and gives notes of the party's devices: contacts, requests, reports, answers and steps of claims.
 *
 * @param party - The reader.
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const { rights, answers } = await checkInbox(doctor);
 * for (const grant of rights) console.log(`${grant.handle} gave a right until ${grant.terms.until}`);
 * for (const { answer, digest } of answers) console.log(`${digest} was ${answer}`);
 * ```
 */
export async function checkInbox(party: Party): Promise<InboxNews> {
  const rights: Grant[] = [];
  const requests: AccessAsked[] = [];
  const withdrawals: AccessAsked[] = [];
  const answers: AccessAsked[] = [];
  const mistakes: Mistake[] = [];
  const mistakeAnswers: Mistake[] = [];
  const wills: Will[] = [];
  const own = new Map<Bytes32, OwnLetter>();
  const held = new Map((await readHeldAnswers(party)).map((letter) => [letter.id, letter]));
  let dispenses = 0;
  let claimSteps = 0;
  let discarded = 0;
  const take = async (letter: OpenedLetter): Promise<boolean> => {
    const mine = ownLetter(party, letter);
    if (mine !== undefined) {
      // It waits for the party's other devices too.
      if (!own.has(mine.id)) await takeNotes(party, mine.notes);
      own.set(mine.id, mine);
      return false;
    }
    if (held.has(letter.id)) return true;
    const content: Partial<LetterContent> = letter.content ?? {};
    const { grant, request, entry, mistake, mistakeAnswer } = content;
    const right = grant && (await takenRight(party, grant));
    const asked = request && (await takenRequest(party, letter));
    const isAnswer = entry !== undefined && request === undefined;
    const answered = isAnswer ? await takenAnswer(party, letter) : undefined;
    const reported = mistake && (await takenMistake(party, letter));
    const explained = mistakeAnswer && (await takenMistakeAnswer(party, letter));
    const isDispense = content.dispensed && (await takenDispense(party, letter));
    const will = content.will && (await takenWill(party, letter));
    if (right) rights.push(right);
    if (will) wills.push(will);
    if (asked?.answer === undefined && asked) requests.push(asked);
    if (asked?.answer === 'withdrawn') withdrawals.push(asked);
    if (reported) mistakes.push(reported);
    if (answered === 'unknown' || explained === 'unknown') {
      // Another device may have noted what it answers, in a letter that comes after it.
      const ofOne = [...held.values()].filter(({ from }) => from === letter.from).length;
      const isHeld = ofOne < MOST_OF_ONE && held.size < MOST_HELD;
      if (isHeld) held.set(letter.id, letter);
      else discarded += 1;
      return !isHeld;
    }
    if (answered) answers.push(answered);
    if (explained) mistakeAnswers.push(explained);
    const isStep = content.claimStep && (await takenClaimStep(party, letter));
    if (isStep) claimSteps += 1;
    else if (isDispense) dispenses += 1;
    else if (!will && !right && !asked && !answered && !reported && !explained) discarded += 1;
    return true;
  };
  // Letters that stay with the nodes fill the first page, so answers that are held are taken, and the rest is read.
  for (let stored = -1; held.size !== stored;) {
    stored = held.size;
    await collectLetters(party, take);
    if (held.size !== stored) await holdAnswers(party, [...held.values()]);
  }
  for (const letter of held.values()) {
    const answered = await takenAnswer(party, letter);
    const explained = await takenMistakeAnswer(party, letter);
    if (answered !== undefined && answered !== 'unknown') answers.push(answered);
    else if (explained !== undefined && explained !== 'unknown') mistakeAnswers.push(explained);
    else if (!rights.some((right) => right === letter.content?.grant)) discarded += 1;
  }
  if (held.size > 0) await dropHeldAnswers(party, held.values());
  // Another device may have taken the letter, or its time has passed.
  for (const { grant } of await restoreRights(party)) rights.push(grant);
  await shareNotes(party, [...own.values()]);
  return {
    rights,
    requests,
    withdrawals,
    answers,
    mistakes,
    mistakeAnswers,
    wills,
    dispenses,
    claimSteps,
    discarded,
  };
}

async function takenRight(party: Party, offered: unknown): Promise<Grant | undefined> {
  try {
    const grant = parseMessage('Grant', offered);
    await keepRight(party, grant);
    return grant;
  } catch (error) {
    return unlessMeant(error, ['REQUEST_MALFORMED', 'RIGHT_MISSING', 'RIGHT_ENDED']);
  }
}

async function takenRequest(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<AccessAsked | undefined> {
  try {
    const request = parseSigned(content?.request, ['AccessRequest']);
    const { handle, terms, deadline } = request.message;
    const sound = succeeds(() => verifyOwn(party, request) !== ZERO32);
    const isOwn = (await readPatientState(party)).handle === handle;
    if (!sound || !isOwn || request.party !== from || terms.grantee !== from) return undefined;
    const now = seconds(party.clock);
    if (deadline < now || deadline > now + LONGEST_OPEN) return undefined;
    // The patient could not give it anyway; its words may not even have a date.
    const { categories, until } = terms;
    requireSoundRight(party, {
      categories,
      actions: ACTIONS.filter((action) => terms[action]),
      until,
    });
    const digest = digestOf(party, 'AccessRequest', request.message);
    // Only what a log shows is taken, so that everything that is asked can be audited.
    const entry = content?.entry;
    if (entry === undefined) return undefined;
    const entered = askIn(party, entry);
    if (entered?.party !== from || entered.message.what !== 'request') return undefined;
    // Nobody can tell from the log which purpose the digest covers: the patient’s audit would show another.
    const isOf = entered.message.request === digest && entered.message.purpose === terms.purpose;
    if (!isOf || entered.message.handle !== handle) return undefined;
    if (content?.withdrawn === true) return await withdrawn(party, { digest, request, entry });
    const asked = { digest, request, entry };
    // A letter that stayed would block others, so that a few parties could close the inbox.
    const open = (await readAsked(party)).filter((each) => each.digest !== digest);
    const own = open.filter((each) => each.request.party === from);
    if (open.length >= MOST_OPEN || own.length >= MOST_OF_ONE) return undefined;
    const known = await keepAsked(party, asked);
    return known.answer === undefined ? known : undefined;
  } catch (error) {
    return unlessMeant(error, [
      'EVIDENCE_INVALID',
      'REQUEST_MALFORMED',
      'NOT_FOUND',
      'RIGHT_INVALID',
    ]);
  }
}

/** Closes a request that its author withdrew; one that was answered before stays answered. */
async function withdrawn(party: Party, asked: AccessAsked): Promise<AccessAsked> {
  const { asked: all } = await readAllAsked(party);
  const { answer = 'withdrawn' } = all.find(({ digest }) => digest === asked.digest) ?? {};
  return await keepAsked(party, { ...asked, answer });
}

/** Stores an answer; `unknown` if its author made it, but the device does not know the request. */
async function takenAnswer(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<AccessAsked | 'unknown' | undefined> {
  try {
    const entry = content?.entry;
    const entered = entry && askIn(party, entry);
    if (entry === undefined || entered?.party !== from) return undefined;
    const { what, handle, request, purpose } = entered.message;
    const open = (await readAskedFor(party)).find(({ digest }) => digest === request);
    if (what === 'request') return undefined;
    if (open === undefined) return 'unknown';
    if (open.request.message.handle !== handle) return undefined;
    if (open.request.message.terms.purpose !== purpose) return undefined;
    if (what === 'grant' && !isNamed(party, entered, content?.grant)) return undefined;
    const { patient } = await confirmFacts(party, { handle });
    if (patient?.controller !== from) return undefined;
    // An agent can give letters in any order, and one of them twice.
    const last = open.answerEntry && askIn(party, open.answerEntry);
    if (last !== undefined && last.at > entered.at) return open;
    const answer = what === 'grant' ? 'granted' : 'declined';
    const answered: AccessAsked = { ...open, answer, answerEntry: entry };
    await keepAskedFor(party, answered);
    return answered;
  } catch (error) {
    return unlessMeant(error, ['EVIDENCE_INVALID', 'REQUEST_MALFORMED']);
  }
}

/** Tells whether a letter has the grant that its answer names, and that grant is the reader's. */
function isNamed(party: Party, { message }: Signed<'Ask'>, offered: unknown): boolean {
  const grant = parseMessage('Grant', offered);
  return grant.terms.grantee === party.address && digestOf(party, 'Grant', grant) === message.grant;
}

/** Ignores an error in a letter's content; throws an error that kept the device from checking. */
function unlessMeant(error: unknown, codes: readonly string[]): undefined {
  if (!isMedsealError(error) || !codes.includes(error.code)) throw error;
}
