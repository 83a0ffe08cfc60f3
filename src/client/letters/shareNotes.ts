import { isMedsealError } from '../../errors/isMedsealError.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import type { Signed } from '../../protocol/requests.ts';
import { digestOf } from '../../protocol/signing.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { verifyOwn } from '../../protocol/verifyOwn.ts';
import type { Party } from '../party/Party.ts';
import { signersOf } from '../party/signersOf.ts';
import { readPatientState } from '../state/PatientState.ts';
import { keepAsked, keepAskedFor, readAllAsked, type AccessAsked } from './accessRequests.ts';
import { mergeContactNotes, readContactNotes } from './contactNotes.ts';
import { isDeviceNote, type DeviceNote } from './DeviceNote.ts';
import { collectLetters, sendLetter, type OpenedLetter } from './letters.ts';

/** Characters of the notes in one letter, most letters, and most requests of each kind. */
const [MOST_TEXT, MOST_LETTERS, MOST_REQUESTS] = [40_000, 12, 64];
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
 * Stores what other devices noted: contacts that this one does not know, requests, and their answers.
 *
 * @param party - The party.
 * @param notes - Notes of the party's devices.
 */
export async function takeNotes(party: Party, notes: readonly DeviceNote[]): Promise<void> {
  await mergeContactNotes(
    party,
    notes.filter((note) => note.kind === 'contact'),
  );
  const known = await readAllAsked(party);
  const handle = await handleOf(party);
  for (const note of notes) {
    if (note.kind === 'contact') continue;
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
  const known = await notesOf(party);
  // A device that does not know the patient's chart yet passes on what it cannot judge.
  const requests = new Set(known.map((note) => canonicalJson(requestIn(note) ?? null)));
  const others = new Map<string, DeviceNote>();
  for (const note of letters.flatMap((letter) => letter.notes)) {
    const request = requestIn(note);
    const isDue = request !== undefined && request.message.deadline >= seconds(party.clock);
    if (isDue && !requests.has(canonicalJson(request))) others.set(canonicalJson(note), note);
  }
  const parts = inLetters([...known, ...others.values()]);
  const notes = parts.flat();
  const told = new Set(letters.flatMap((letter) => letter.notes.map(canonicalJson)));
  const isTold = notes.length === told.size && notes.every((note) => told.has(canonicalJson(note)));
  const renewed = seconds(party.clock) + RENEW;
  if (isTold && letters.every(({ until }) => until > renewed)) return;
  try {
    for (const some of parts) await sendLetter(party, party.address, { notes: some });
  } catch (error) {
    if (!isMedsealError(error, 'QUOTA_SPENT')) throw error;
    return;
  }
  const former = new Set(letters.map(({ id }) => id));
  if (former.size > 0)
    await collectLetters(party, async ({ id }) => await Promise.resolve(former.has(id)));
}

function requestIn(note: DeviceNote): Signed<'AccessRequest'> | undefined {
  return note.kind === 'contact' ? undefined : note.request;
}

async function notesOf(party: Party): Promise<readonly DeviceNote[]> {
  const { asked, askedFor } = await readAllAsked(party);
  const now = seconds(party.clock);
  const requests = (['asked', 'askedFor'] as const).flatMap((kind) => {
    const all = kind === 'asked' ? asked : askedFor;
    const due = all.filter(({ request }) => request.message.deadline >= now);
    const newest = due.toSorted(
      (one, other) => other.request.message.deadline - one.request.message.deadline,
    );
    return newest.slice(0, MOST_REQUESTS).map(({ request, answer }): DeviceNote => {
      return { kind, request, ...(answer && { answer }) };
    });
  });
  return [...(await readContactNotes(party)), ...requests];
}

function inLetters(notes: readonly DeviceNote[]): readonly (readonly DeviceNote[])[] {
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
  return letters.slice(0, MOST_LETTERS);
}

/** A request that is the party's own, or to its own chart; undefined for any other. */
function askedIn(
  party: Party,
  note: Exclude<DeviceNote, { readonly kind: 'contact' }>,
  handle: Handle | undefined,
): AccessAsked | undefined {
  let asked: AccessAsked | undefined;
  succeeds(() => {
    const request = parseSigned(note.request, ['AccessRequest']);
    verifyOwn(party, request);
    const isOwn =
      note.kind === 'asked' ? request.message.handle === handle : request.party === party.address;
    const digest = digestOf(party, 'AccessRequest', request.message);
    if (isOwn) asked = { digest, request, ...(note.answer && { answer: note.answer }) };
    return true;
  });
  return asked;
}

/** The party's chart; undefined on a device of someone who is not a patient, or that was not restored yet. */
async function handleOf(party: Party): Promise<Handle | undefined> {
  try {
    return (await readPatientState(party)).handle;
  } catch (error) {
    if (!isMedsealError(error, 'NOT_FOUND')) throw error;
    return undefined;
  }
}
