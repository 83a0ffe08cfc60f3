import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { ZERO32, type Bytes32, type Handle, type RecordId } from '../../protocol/ids.ts';
import type { Grant, Signed, Terms } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { ACTIONS, type Action, type Category, type Purpose } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import {
  grantRight,
  requireSoundRight,
  type GrantGiven,
  type RightGiven,
} from '../rights/grantRight.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { askIn } from './askIn.ts';
import { REQUEST_END } from './DeviceNote.ts';
import { enterAsk } from './enterAsk.ts';
import { sendLetter } from './letters.ts';
import { DeviceBook, openLast } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState, type KnownGrant } from '../state/PatientState.ts';
import { standingRights } from '../rights/standingRights.ts';

/** Seconds for which an unanswered request stays open. */
const OPEN_FOR = 30 * 24 * 3600;

/** A right that a party asks for. */
export interface AccessWanted {
  readonly handle: Handle;
  readonly categories: readonly Category[];
  readonly record?: RecordId;
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  /** First second at which it is no longer needed. */
  readonly until: number;
}

/** End of a request: the patient's answer, or the withdrawal by the party that asked. */
export type RequestEnd = 'granted' | 'declined' | 'withdrawn';

/** A request for a right, on the device of the party that asked or of the patient who was asked. */
export interface AccessAsked {
  /** EIP-712 digest of the request. */
  readonly digest: Bytes32;
  readonly request: Signed<'AccessRequest'>;
  /** Entry that shows the request; absent before the log has it. Its `index` is what the sender says. */
  readonly entry?: Acknowledgement;
  /** Entry that shows the answer. Its `index` is what the sender says. */
  readonly answerEntry?: Acknowledgement;
  /** Answer, or that the party which asked withdrew it; absent while the request is open. */
  readonly answer?: RequestEnd;
}

const ENTRY = shapeOfType<AccessAsked>('AccessAsked')({
  digest: BYTES32,
  request: signedShape('AccessRequest'),
  'entry?': ACKNOWLEDGEMENT,
  'answerEntry?': ACKNOWLEDGEMENT,
  'answer?': REQUEST_END,
});
const rules = {
  shape: ENTRY,
  keyOf: ({ digest }: AccessAsked) => digest,
  most: 2000,
  within: openLast(({ answer: given }: AccessAsked) => given === undefined),
};
/** The requests of the party, and those to a patient. */
const BOOKS = {
  askedFor: new DeviceBook({ ...rules, name: 'asked-for' }),
  asked: new DeviceBook({ ...rules, name: 'asked' }),
};

/**
 * Reads the requests of the party, the newest last.
 *
 * @param party - Party that asked.
 * @example
 * ```ts
 * await checkInbox(doctor);
 * const open = (await readAskedFor(doctor)).filter(({ answer }) => answer === undefined);
 * console.log(`${open.length} requests wait for an answer`);
 * ```
 */
export async function readAskedFor(party: Party): Promise<readonly AccessAsked[]> {
  return await BOOKS.askedFor.read(party);
}

/**
 * Reads the requests that the patient has not answered, the newest last.
 *
 * @param party - The patient.
 * @example
 * ```ts
 * for (const { request } of await readAsked(patient)) {
 *   const { categories, purpose } = request.message.terms;
 *   console.log(`${request.party} asks for ${categories.join(', ')}, purpose ${purpose}`);
 * }
 * ```
 */
export async function readAsked(party: Party): Promise<readonly AccessAsked[]> {
  const now = seconds(party.clock);
  const asked = await BOOKS.asked.read(party);
  return asked.filter(({ request, answer }) => {
    return answer === undefined && request.message.deadline >= now;
  });
}

/** Reads all requests that the device knows: those to the patient, and those of the party. */
export async function readAllAsked(
  party: Party,
): Promise<Readonly<Record<'asked' | 'askedFor', readonly AccessAsked[]>>> {
  return { asked: await BOOKS.asked.read(party), askedFor: await BOOKS.askedFor.read(party) };
}

/** Stores a request to the patient; an answered request stays answered. */
export async function keepAsked(party: Party, asked: AccessAsked): Promise<AccessAsked> {
  return await BOOKS.asked.merge(party, asked, (known) => ({ ...known, ...asked }));
}

/** Stores a request of the party with its answer. */
export async function keepAskedFor(party: Party, asked: AccessAsked): Promise<void> {
  await BOOKS.askedFor.merge(party, asked, (known) => ({ ...known, ...asked }));
}

/**
 * Asks a patient for a right: an entry of the log shows that the party asks, and a letter that only the patient can open
 * says for what. A repeated request is the same request.
 *
 * @param party - Party that asks.
 * @param wanted - Right that is asked for.
 * @throws MedsealError `RIGHT_INVALID`; `NOT_FOUND` if nobody controls the handle; `PARTY_SUSPENDED` if the patient is
 * suspended; `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const until = Math.floor(Date.now() / 1000) + 30 * 24 * 3600;
 * const terms = { categories: ['medications'], actions: ['read'], purpose: 'TREAT' } as const;
 * const asked = await requestAccess(doctor, { handle, ...terms, until });
 * ```
 */
export async function requestAccess(party: Party, wanted: AccessWanted): Promise<AccessAsked> {
  const { categories, actions, until } = wanted;
  requireSoundRight(party, { categories, actions, until });
  const { patient } = await confirmFacts(party, { handle: wanted.handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  if (patient.controller === party.address)
    throw new MedsealError('RIGHT_INVALID', { what: 'it is for your own chart' });
  const before = (await readAskedFor(party)).find((each) => isOpen(party, each, wanted));
  const asked = before ?? newRequest(party, wanted);
  await keepAskedFor(party, asked);
  const { digest, request } = asked;
  const { purpose } = request.message.terms;
  const about = { handle: wanted.handle, request: digest, grant: ZERO32, purpose };
  const entry = asked.entry ?? (await enterAsk(party, { what: 'request', ...about }));
  const entered = { ...asked, entry };
  await keepAskedFor(party, entered);
  await sendLetter(party, patient.controller, { request, entry });
  return entered;
}

/**
 * Withdraws a request of the party, and tells the patient by a letter that only the patient can open. It gives up its place
 * among the requests that wait there. The log still shows that it was made. Safe to repeat.
 *
 * @param party - Party that asked.
 * @param asked - The request.
 * @throws MedsealError `REQUEST_CLOSED` if it was answered; `NOT_FOUND` if nobody controls the handle;
 * `PARTY_SUSPENDED`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const open = (await readAskedFor(doctor)).filter(({ answer }) => answer === undefined);
 * for (const each of open) await withdrawRequest(doctor, each);
 * ```
 */
export async function withdrawRequest(party: Party, asked: AccessAsked): Promise<void> {
  const own = (await BOOKS.askedFor.read(party)).find(({ digest }) => digest === asked.digest);
  if (own?.answer === 'granted' || own?.answer === 'declined') {
    throw new MedsealError('REQUEST_CLOSED', { how: own.answer });
  }
  const { request, entry } = { ...asked, ...own };
  const { patient } = await confirmFacts(party, { handle: request.message.handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  // One that no log has was not sent either.
  if (entry !== undefined) {
    await sendLetter(party, patient.controller, { request, entry, withdrawn: true });
  }
  await keepAskedFor(party, { ...asked, answer: 'withdrawn' });
}

/**
 * Gives the right that was asked for, and informs the party that asked. Safe to repeat.
 *
 * @param party - The patient.
 * @param asked - The request.
 * @param until - First second at which the right no longer holds, if it differs from the request.
 * @throws MedsealError `REQUEST_CLOSED` if it was withdrawn; `RIGHT_INVALID`; `RECIPIENT_CHANGED`, `PARTY_SUSPENDED` or `PARTY_UNKNOWN` for the party that
 * asked; `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`, `STATE_STALE`, `RULE_REFUSED`,
 * `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * await checkInbox(patient);
 * for (const asked of await readAsked(patient)) {
 *   const { party, message } = asked.request;
 *   const isWanted = confirm(`May ${party} use ${message.terms.categories.join(', ')}?`);
 *   await (isWanted ? approveAccess(patient, asked) : declineAccess(patient, asked));
 * }
 * ```
 */
export async function approveAccess(
  party: Party,
  asked: AccessAsked,
  until?: number,
): Promise<KnownGrant | GrantGiven> {
  const known = (await BOOKS.asked.read(party)).find(({ digest }) => digest === asked.digest);
  if (known?.answer === 'withdrawn') throw new MedsealError('REQUEST_CLOSED', { how: 'withdrawn' });
  const { terms } = asked.request.message;
  const right: RightGiven = {
    grantee: terms.grantee,
    categories: terms.categories,
    ...(terms.record !== ZERO32 && { record: terms.record }),
    actions: ACTIONS.filter((action) => terms[action]),
    purpose: terms.purpose,
    until: until ?? terms.until,
  };
  const [standing] = await standingRights(party, [right]);
  const given = standing ?? (await grantRight(party, right));
  await answer(party, asked, given);
  return given;
}

/**
 * Declines a request, and informs the party that asked. Safe to repeat.
 *
 * @param party - The patient.
 * @param asked - The request.
 * @throws MedsealError `RECIPIENT_CHANGED` if the other party has another recipient than keys were sealed to;
 * `PARTY_SUSPENDED`, `PARTY_UNKNOWN`; `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`,
 * `QUOTA_SPENT`.
 * @example
 * ```ts
 * const asked = await readAsked(patient);
 * const toAmend = asked.filter(({ request }) => request.message.terms.amend);
 * for (const each of toAmend) await declineAccess(patient, each);
 * ```
 */
export async function declineAccess(party: Party, asked: AccessAsked): Promise<void> {
  await answer(party, asked);
}

/**
 * Hands a grant over to its grantee, by a letter that only the grantee can open.
 *
 * @param party - The patient.
 * @param given - The grant.
 * @throws MedsealError `RECIPIENT_CHANGED` if the other party has another recipient than keys were sealed to;
 * `PARTY_SUSPENDED`, `PARTY_UNKNOWN`; `NOT_FOUND` on a device of someone who is not a patient; `KEY_UNAUTHENTIC`,
 * `QUOTA_SPENT`.
 * @example
 * ```ts
 * const { grants } = await readPatientState(patient);
 * const newest = grants.at(-1);
 * if (newest !== undefined) await handOver(patient, newest);
 * ```
 */
export async function handOver(party: Party, { grant }: { readonly grant: Grant }): Promise<void> {
  const { recipients } = await readPatientState(party);
  const { grantee } = grant.terms;
  await sendLetter(party, grantee, { grant }, { pinned: recipients[grantee] });
}

async function answer(party: Party, asked: AccessAsked, given?: KnownGrant): Promise<void> {
  const { handle, terms } = asked.request.message;
  const { recipients } = await readPatientState(party);
  const before = (await BOOKS.asked.read(party)).find(({ digest }) => digest === asked.digest);
  const about = {
    what: given === undefined ? 'decline' : 'grant',
    handle,
    request: asked.digest,
    grant: given?.digest ?? ZERO32,
    purpose: terms.purpose,
  } as const;
  const last = before?.answerEntry && askIn(party, before.answerEntry)?.message;
  const isSame = last?.what === about.what && last.grant === about.grant;
  const entry = (isSame ? before?.answerEntry : undefined) ?? (await enterAsk(party, about));
  const answered = await keepAsked(party, { ...asked, answerEntry: entry });
  const to = asked.request.party;
  const content = { entry, ...(given && { grant: given.grant }) };
  await sendLetter(party, to, content, { pinned: recipients[to] });
  await keepAsked(party, { ...answered, answer: given === undefined ? 'declined' : 'granted' });
}

function newRequest(party: Party, wanted: AccessWanted): AccessAsked {
  const now = seconds(party.clock);
  const { handle } = wanted;
  const message = { handle, terms: termsOf(party, wanted), deadline: now + OPEN_FOR };
  const request = sign(party, party, 'AccessRequest', message);
  return { digest: digestOf(party, 'AccessRequest', message), request };
}

function termsOf(
  party: Party,
  { categories, record, actions, purpose, until }: AccessWanted,
): Terms {
  return {
    grantee: party.address,
    categories: [...categories],
    record: record ?? ZERO32,
    read: actions.includes('read'),
    add: actions.includes('add'),
    amend: actions.includes('amend'),
    purpose,
    from: seconds(party.clock),
    until,
    salt: bytesToHex(party.random(16)),
  };
}

/** Tells whether the same request is open. */
function isOpen(
  party: Party,
  { request, answer: given }: AccessAsked,
  wanted: AccessWanted,
): boolean {
  const { handle, terms, deadline } = request.message;
  return (
    given === undefined &&
    deadline >= seconds(party.clock) &&
    handle === wanted.handle &&
    terms.record === (wanted.record ?? ZERO32) &&
    terms.purpose === wanted.purpose &&
    terms.categories.toSorted().join() === wanted.categories.toSorted().join() &&
    ACTIONS.every((action) => terms[action] === wanted.actions.includes(action)) &&
    Math.abs(terms.until - wanted.until) <= 60
  );
}
