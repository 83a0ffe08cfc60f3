import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import type { Party } from '../party/Party.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import { readPatientState } from '../state/PatientState.ts';
import { hasRoom, isOfSame, keepMistake, readMistakes } from './keptMistakes.ts';
import { sendLetter } from './letters.ts';
import { MOST_WORDS, soundWords, type Mistake, type ReportTopic } from './Mistake.ts';
import { aboutEntry, amendingVersion, fitsTopic, isAboutVersion } from './mistakeEntry.ts';

/** A mistake that a patient reports. */
export interface NewMistake {
  /** The entry that put a record version on the chart, or shows who looked: see `ChartRecord` and `entryOfEvent`. */
  readonly entry: Acknowledgement;
  /** One record version, if the entry is a view of several (`pairOfEvent`). */
  readonly pair?: PairInSet | undefined;
  /** The patient's words, 2,000 characters at most. */
  readonly words: string;
  /** For a question, or the wish that a medicine is prescribed again; absent for a mistake. */
  readonly topic?: ReportTopic | undefined;
}

/**
 * Reports a mistake to the author of an entry on the patient's own chart: of a record version that is wrong, or of a view
 * that should not have been. With a topic it asks a question about it, or to prescribe again. It goes by a letter that only the author can open. The same report again is the same
 * report, and goes once more.
 *
 * @param party - The patient.
 * @param mistake - Entry and words.
 * @throws MedsealError `ARGUMENT_INVALID` for words that are empty or too long, for an entry of the patient or of
 * another chart, and for a renewal of something else than medicines; `EVIDENCE_INVALID`; `QUOTA_SPENT` while 3 reports about the record, or 16 to its author, wait for an
 * answer; `NOT_FOUND` on a device of someone who is not a patient; `RECIPIENT_CHANGED`, `PARTY_SUSPENDED`,
 * `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const wrong = chart.records.find(({ author }) => author !== patient.address);
 * const words = 'I have never had asthma.';
 * if (wrong !== undefined) await reportMistake(patient, { entry: wrong.acknowledgement, words });
 * ```
 */
export async function reportMistake(
  party: Party,
  { entry, pair, words: given, topic }: NewMistake,
): Promise<Mistake> {
  const words = requireWords(given);
  const { handle, recipients } = await readPatientState(party);
  const { author: to, about } = aboutEntry(party, entry, pair);
  if (about.handle !== handle) throw invalid('entry', 'it is not of your chart');
  if (to === party.address) throw invalid('entry', 'it is your own; amend the record instead');
  if (!fitsTopic(topic, about)) throw invalid('topic', 'the entry is of no record of medicines');
  const said = { words, ...(topic && { topic }) };
  const shown = { entry, ...(pair && { pair }) };
  return await sendReport(party, { to, about, said, shown, pinned: recipients[to] });
}

/** A report to send. */
interface ReportToSend extends Pick<Mistake, 'to' | 'about'> {
  /** Its id; random if absent. */
  readonly id?: Bytes32;
  readonly said: Pick<Mistake, 'words' | 'topic' | 'until'>;
  /** The part of its subject that the letter shows. */
  readonly shown:
    { readonly entry: Acknowledgement; readonly pair?: PairInSet } | { readonly right: Bytes32 };
  /** SHA-256 of the recipient that was sealed to before. */
  readonly pinned?: Bytes32 | undefined;
}

/**
 * Sends a report, and keeps it; the same one again is the same report.
 *
 * @param party - The sender.
 * @param report - It was verified.
 * @throws MedsealError `QUOTA_SPENT`; what `sendLetter` throws.
 */
export async function sendReport(party: Party, report: ReportToSend): Promise<Mistake> {
  const { id: named, to, about, said, shown, pinned } = report;
  const all = await readMistakes(party);
  const before = all.find((each) => {
    const isOf = each.to === to && isOfSame(each.about, about) && !each.answer;
    const isSaid = each.words === said.words && each.topic === said.topic;
    const isNamed = named === undefined || each.id === named;
    return isOf && isNamed && isSaid && isSameEnd(each.until, said.until);
  });
  const by = party.address;
  if (before === undefined && !hasRoom(party, all, { by, to, about })) {
    throw new MedsealError('QUOTA_SPENT', { what: 'reports without an answer' });
  }
  const at = seconds(party.clock);
  const mistake = before ?? {
    id: named ?? bytesToHex(party.random(32)),
    by,
    to,
    about,
    ...said,
    at,
  };
  const known = { ...mistake, ...('entry' in shown && shown) };
  await keepMistake(party, { ...known, unsent: true });
  const { id, words, topic, until } = mistake;
  const asked = { words, ...(topic && { topic }), ...(until !== undefined && { until }) };
  const letter = { id, ...shown, ...asked, at: mistake.at };
  await sendLetter(party, to, { mistake: letter }, { pinned });
  return await keepMistake(party, { ...known, unsent: false });
}

/** Two wishes whose ends are a minute apart are the same wish, typed as “in 30 days” twice. */
function isSameEnd(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Math.abs(one - other) <= 60;
}

/** An answer to a report. */
export interface MistakeAnswered {
  /** The report. */
  readonly id: Bytes32;
  /** Why it is right as it is, or what was changed; may be absent beside an amendment. */
  readonly words?: string;
  /** Entry of the amendment. */
  readonly entry?: Acknowledgement;
}

/**
 * Answers a report of a mistake, with words or with the amendment of the record. A later answer replaces the former.
 *
 * @param party - The author who was told.
 * @param answer - Report, and words or entry.
 * @throws MedsealError `NOT_FOUND` if the device knows no such report to the party; `ARGUMENT_INVALID` if there is
 * nothing to say, or the entry does not amend what was reported; `EVIDENCE_INVALID`; `PARTY_SUSPENDED`,
 * `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const [told] = (await checkInbox(doctor)).mistakes;
 * if (told !== undefined) {
 *   await answerMistake(doctor, { id: told.id, words: 'It is right: the laboratory confirmed it.' });
 * }
 * ```
 */
export async function answerMistake(
  party: Party,
  { id, words: given, entry }: MistakeAnswered,
): Promise<Mistake> {
  const known = (await readMistakes(party)).find((each) => each.id === id);
  if (known?.to !== party.address) {
    throw new MedsealError('NOT_FOUND', { what: 'report of a mistake' });
  }
  const words = given === undefined && entry !== undefined ? '' : requireWords(given ?? '');
  const version = entry && amendingVersion(party, known, entry);
  if (entry !== undefined && version === undefined) {
    throw invalid('entry', 'it does not amend the record that was reported');
  }
  const { unsent: _unsent, entry: _entry, pair: _pair, ...shared } = known;
  const at = Math.max(seconds(party.clock), (known.answer?.at ?? 0) + 1);
  const amended = version ?? known.answer?.version;
  const answer = { words, at, ...(amended !== undefined && { version: amended }) };
  const answered = { ...shared, answer, ...(entry && { entry }) };
  return await sendAnswer(party, await keepMistake(party, { ...answered, unsent: true }));
}

/**
 * Sends the last answer once more, to a patient who did not get it.
 *
 * @param party - The author who was told.
 * @param mistake - The report with its answer.
 * @throws MedsealError `RIGHT_ENDED` if the right of the answer was ended since; `RECIPIENT_CHANGED`,
 * `PARTY_SUSPENDED`, `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * await checkInbox(doctor);
 * const lost = (await readMistakes(doctor)).filter(({ answer, unsent }) => answer && unsent);
 * for (const mistake of lost) await sendAnswer(doctor, mistake);
 * ```
 */
export async function sendAnswer(party: Party, mistake: Mistake): Promise<Mistake> {
  const { id, by, answer, entry } = mistake;
  if (answer === undefined) throw new MedsealError('NOT_FOUND', { what: 'answer' });
  const { words, at, grant } = answer;
  const said = { mistake: id, words, at, ...(entry && { entry }) };
  if (grant === undefined) await sendLetter(party, by, { mistakeAnswer: said });
  else {
    // The right that extends another goes along, so that the answer proves itself.
    const { grants, recipients } = await readPatientState(party);
    const given = grants.find(({ digest }) => digest === grant);
    if (given === undefined) throw new MedsealError('RIGHT_ENDED', {});
    const content = { mistakeAnswer: { ...said, grant }, grant: given.grant };
    await sendLetter(party, by, content, { pinned: recipients[by] });
  }
  return await keepMistake(party, { ...mistake, unsent: false });
}

/**
 * Answers every open report of a mistake in a record with the version that amends it; no question, and no wish.
 *
 * @param party - The author of both versions.
 * @param handle - The chart.
 * @param version - The version as it was logged.
 * @returns Reports that were answered; none if the version answers none.
 * @throws MedsealError `PARTY_SUSPENDED`, `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`, `QUOTA_SPENT`.
 * @example
 * ```ts
 * const content = new TextEncoder().encode('Cough since Tuesday.');
 * const terms = { handle, category: 'other', purpose: 'TREAT', grant } as const;
 * const amended = await addRecord(doctor, { ...terms, content, amends: record });
 * await answerByAmending(doctor, handle, amended);
 * ```
 */
export async function answerByAmending(
  party: Party,
  handle: Handle,
  { record, version, acknowledgement }: LoggedVersion,
): Promise<readonly Mistake[]> {
  const answered: Mistake[] = [];
  for (const { id, to, about, answer, topic } of await readMistakes(party)) {
    const isMistake = topic === undefined && isAboutVersion(about);
    const isOpen = isMistake && answer === undefined && to === party.address;
    const isOf = about.handle === handle && about.record === record;
    if (!isOpen || !isOf || version <= (about.version ?? 0)) continue;
    answered.push(await answerMistake(party, { id, entry: acknowledgement }));
  }
  return answered;
}

/**
 * Requires words of a report or an answer.
 *
 * @param given - As they were typed.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function requireWords(given: string): string {
  const words = soundWords(given);
  if (words === undefined) {
    throw invalid('words', `must have 1 to ${MOST_WORDS} characters (got ${given.trim().length})`);
  }
  return words;
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
