import { isMedsealError } from '../../../errors/isMedsealError.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import { parseSigned } from '../../../protocol/struct/parseSigned.ts';
import { digestOf, signerOf } from '../../../protocol/struct/signing.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import type { Party } from '../../party/Party.ts';
import { signersOf } from '../../party/signersOf.ts';
import { ownHandle } from '../../state/ownHandle.ts';
import {
  keepAsked,
  keepAskedFor,
  readAllAsked,
  type AccessAsked,
} from '../../letters/accessRequests.ts';
import { stepsToShare, takeNotedStep } from '../claims/keptClaimSteps.ts';
import { mergeContactNotes, readContactNotes } from '../../letters/contactNotes.ts';
import {
  isDeviceNote,
  type ClaimStepNote,
  type ContactNote,
  type DeviceNote,
  type MistakeNote,
  type RequestNote,
} from '../../letters/DeviceNote.ts';
import { mergeMistake, readMistakes, sharedMistake } from '../../letters/keptMistakes.ts';
import { mergeServedNotes, readServedNotes } from '../../letters/servedBy.ts';
import { collectLetters, sendLetter, type OpenedLetter } from '../../letters/letters.ts';

/** Characters of the notes in one letter, and most letters: on requests, on mistakes, on claims, and in all. */
const [MOST_TEXT, MOST_OF_REQUESTS, MOST_OF_MISTAKES, MOST_OF_CLAIMS, MOST_LETTERS] = [
  40_000, 4, 3, 4, 15,
];
/** Seconds before the last day of a letter to itself at which a device writes it again. */
const RENEW = 45 * 24 * 3600;

/** A letter of a party to itself. */
export interface OwnLetter {
  readonly id: Bytes32;
  /** Last second at which nodes keep it. */
  readonly until: number;
  readonly notes: readonly DeviceNote[];
}

/**
 * Returns the letter if another device of the party, or this one, wrote it for the party's devices.
 *
 * @param party - The reader.
 * @param letter - Letter that was opened; its sender signed it.
 */
export function ownLetter(
  party: Party,
  { id, from, until, signer, content }: OpenedLetter,
): OwnLetter | undefined {
  if (from !== party.address) return undefined;
  // The party may have changed its key because somebody stole the former one.
  if (signer !== signersOf(party).at(-1)) return { id, until: 0, notes: [] };
  const notes: unknown = content?.notes;
  if (!Array.isArray(notes)) return undefined;
  return { id, until, notes: notes.filter(isDeviceNote) };
}

/**
 * Stores what other devices noted: contacts that this one does not know, requests and reports of mistakes, their
 * answers, steps of claims, and a later move of the party.
 *
 * @param party - The party.
 * @param notes - Notes of the party's devices.
 */
export async function takeNotes(party: Party, notes: readonly DeviceNote[]): Promise<void> {
  await mergeContactNotes(
    party,
    notes.filter((note) => note.kind === 'contact'),
  );
  await mergeServedNotes(
    party,
    notes.filter((note) => note.kind === 'servedBy'),
  );
  const known = await readAllAsked(party);
  const handle = await ownHandle(party);
  for (const note of notes) {
    if (note.kind === 'contact' || note.kind === 'servedBy') continue;
    if (note.kind === 'claimStep') {
      await takeNotedStep(party, note.told);
      continue;
    }
    if (note.kind === 'mistake') {
      const { by, to } = note.mistake;
      if ([by, to].includes(party.address)) await mergeMistake(party, note.mistake);
      continue;
    }
    const asked = askedIn(party, note, handle);
    if (asked === undefined) continue;
    const before = known[note.kind].find(({ digest }) => digest === asked.digest);
    // Two devices may have answered at once: both have to come to the same end.
    if (before !== undefined && (asked.answer ?? '') <= (before.answer ?? '')) continue;
    await (note.kind === 'asked' ? keepAsked(party, asked) : keepAskedFor(party, asked));
  }
}

/**
 * Writes the notes of this device to the others, unless the letters that wait say the same and for long enough: a letter
 * lasts for 90 days, and whichever device looks writes it again in time.
 *
 * @param party - The party.
 * @param letters - Letters of the party to itself that wait; their notes were stored.
 * @throws MedsealError as `sendLetter` does, but for `QUOTA_SPENT`: the other devices are told the next time.
 */
export async function shareNotes(party: Party, letters: readonly OwnLetter[]): Promise<void> {
  const own = await requestNotesOf(party);
  // A device that does not know the patient's chart yet passes on what it cannot judge.
  const requests = new Set(own.map((note) => canonicalJson(note.request)));
  const others = new Map<string, RequestNote>();
  for (const note of letters.flatMap((letter) => letter.notes)) {
    if (note.kind !== 'asked' && note.kind !== 'askedFor') continue;
    const isDue = note.request.message.deadline >= seconds(party.clock);
    if (isDue && !requests.has(canonicalJson(note.request))) others.set(canonicalJson(note), note);
  }
  const asked = inLetters(requestsInTurns([...own, ...others.values()]), MOST_OF_REQUESTS);
  const mistakes = inLetters(await mistakeNotesOf(party), MOST_OF_MISTAKES);
  const told = [...asked, ...mistakes, ...inLetters(await stepNotesOf(party), MOST_OF_CLAIMS)];
  const left = MOST_LETTERS - told.length;
  // The move goes first: there is room for it, however many contacts there are.
  const named = [...(await readServedNotes(party)), ...newest(await readContactNotes(party))];
  const parts = [...told, ...inLetters(named, left)];
  const notes = parts.flat();
  const waiting = new Set(letters.flatMap((letter) => letter.notes.map(canonicalJson)));
  const isTold =
    notes.length === waiting.size && notes.every((note) => waiting.has(canonicalJson(note)));
  const renewed = seconds(party.clock) + RENEW;
  if (isTold && letters.every(({ until }) => until > renewed)) return;
  const former = new Set(letters.map(({ id }) => id));
  const isWritten = await written(party, parts);
  if (former.size > 0)
    await collectLetters(party, async ({ id }) => await Promise.resolve(former.has(id)));
  // Letters that were left over, of a device that was cut off, took the room.
  if (!isWritten && former.size > 0) await written(party, parts);
}

/** Writes the notes, and tells whether there was room for all of them. */
async function written(party: Party, parts: readonly (readonly DeviceNote[])[]): Promise<boolean> {
  try {
    for (const notes of parts) await sendLetter(party, party.address, { notes });
    return true;
  } catch (error) {
    if (isMedsealError(error, 'QUOTA_SPENT')) return false;
    throw error;
  }
}

async function requestNotesOf(party: Party): Promise<readonly RequestNote[]> {
  const known = await readAllAsked(party);
  const now = seconds(party.clock);
  return (['askedFor', 'asked'] as const).flatMap((kind) => {
    const due = known[kind].filter(({ request }) => request.message.deadline >= now);
    return due.map(({ request, answer }): RequestNote => {
      return { kind, request, ...(answer && { answer }) };
    });
  });
}

/** Reports of mistakes in the order in which they are told: of each party and chart its newest, then the next. */
async function mistakeNotesOf(party: Party): Promise<readonly MistakeNote[]> {
  const ordered = (await readMistakes(party)).toSorted((one, other) => {
    return other.at - one.at || compare(one.id, other.id);
  });
  const notes = ordered.map((mistake): MistakeNote => {
    return { kind: 'mistake', mistake: sharedMistake(mistake) };
  });
  return inTurns(notes, ({ mistake }) => `${mistake.by} ${mistake.to}`);
}

/** Steps of claims in the order in which they are told: of each sender the newest, then the next. */
async function stepNotesOf(party: Party): Promise<readonly ClaimStepNote[]> {
  const turns = inTurns(await stepsToShare(party), ({ from }) => from);
  const notes = turns.map(({ request, resource, evidence }): ClaimStepNote => {
    const told = { request, ...(resource && { resource }), ...(evidence && { evidence }) };
    return { kind: 'claimStep', told: canonicalJson(told) };
  });
  // One that is too large for a letter of this party would keep the others from being written.
  return notes.filter((note) => canonicalJson(note).length <= MOST_TEXT);
}

/**
 * Requests in the order in which they are told: of each party and chart its newest, then of each the next. So nobody who
 * asks often, or about a far day, takes the room of another.
 */
function requestsInTurns(notes: readonly RequestNote[]): readonly RequestNote[] {
  const ordered = notes.toSorted((one, other) => {
    const [first, second] = [one.request.message, other.request.message];
    return (
      second.deadline - first.deadline || compare(one.request.signature, other.request.signature)
    );
  });
  return inTurns(ordered, ({ request }) => `${request.party} ${request.message.handle}`);
}

/** Of each owner its first note, then of each the next. */
function inTurns<Note>(ordered: readonly Note[], ownerOf: (note: Note) => string): readonly Note[] {
  const turns = new Map<string, number>();
  const placed = ordered.map((note) => {
    const owner = ownerOf(note);
    const turn = turns.get(owner) ?? 0;
    turns.set(owner, turn + 1);
    return { note, turn };
  });
  return placed.toSorted((one, other) => one.turn - other.turn).map(({ note }) => note);
}

/** Contacts in the order in which they are told: if there is no room for all, each device leaves out the same ones. */
function newest(notes: readonly ContactNote[]): readonly ContactNote[] {
  return notes.toSorted((one, other) => other.at - one.at || compare(one.party, other.party));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function inLetters(notes: readonly DeviceNote[], most: number): readonly (readonly DeviceNote[])[] {
  const letters: DeviceNote[][] = [];
  let length = MOST_TEXT;
  for (const note of notes) {
    const size = canonicalJson(note).length;
    if (length + size > MOST_TEXT) {
      letters.push([]);
      length = 0;
    }
    letters.at(-1)?.push(note);
    length += size;
  }
  return letters.slice(0, most);
}

/**
 * A request that is the party's own, or to its own chart; undefined for any other. The device that noted one to the chart
 * judged who asked.
 */
function askedIn(
  party: Party,
  note: RequestNote,
  handle: Handle | undefined,
): AccessAsked | undefined {
  let asked: AccessAsked | undefined;
  succeeds(() => {
    const request = parseSigned(note.request, ['AccessRequest']);
    const { message, signature } = request;
    const isOwn =
      note.kind === 'asked'
        ? message.handle === handle
        : request.party === party.address &&
          signersOf(party).includes(signerOf(party, 'AccessRequest', message, signature));
    const digest = digestOf(party, 'AccessRequest', message);
    if (isOwn) asked = { digest, request, ...(note.answer && { answer: note.answer }) };
    return true;
  });
  return asked;
}
