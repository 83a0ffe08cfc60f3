import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readMistakes } from '../letters/keptMistakes.ts';
import { answerMistake, requireWords } from '../letters/mistakes.ts';
import type { Party } from '../party/Party.ts';
import { nameOfContent } from './addedOnce.ts';
import { addRecord } from './addRecord.ts';
import { encodeObjectionAnswer } from './answerContent.ts';
import { listCorrections, type Correction } from './corrections.ts';
import type { LoggedVersion } from './logVersion.ts';
import type { ObjectionAdded } from './objectToRecord.ts';
import type { Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

/** The answer of a record's author to an objection. */
export interface ObjectionAnswer {
  /** The objection, in any version, as the chart lists it. */
  readonly objection: ChartRecord;
  /** The version of the record that amends it as the patient asks; absent if the author declines. */
  readonly version?: number | undefined;
  /** The reason, 2,000 characters at most; may be absent beside a version. */
  readonly words?: string | undefined;
}

/**
 * Answers an objection as the author of the record: with the version that amends it, or by declining with a reason. The answer stands
 * beside the record, in evidence, and everybody reads it who may read the record. It takes a right to add records of the category; while the
 * author is suspended, a colleague of the organisation who has one may answer.
 *
 * @param party - The author.
 * @param chart - The author's chart of the patient, by that right.
 * @param answer - Objection, and amendment or reason.
 * @returns The answer; `untold` says why the patient's letter got none.
 * @throws MedsealError `ARGUMENT_INVALID` for words that are empty or too long, an objection that is one's own, withdrawn or answered by a colleague, and a version
 * that does not amend the record since the objection; `NOT_FOUND` if the chart lists no such objection; `LINE_OF_ANOTHER` for a record that another
 * began; `RIGHT_MISSING`, `RIGHT_ENDED`; what else `addRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * for (const { objection, state } of await listCorrections(doctor, chart)) {
 *   if (state !== 'open' && state !== 'overdue') continue;
 *   await answerObjection(doctor, chart, { objection, words: 'The laboratory confirmed it.' });
 * }
 * ```
 */
export async function answerObjection(
  party: Party,
  chart: Chart,
  { objection, version, words: given = '' }: ObjectionAnswer,
): Promise<ObjectionAdded> {
  const words = given === '' && version !== undefined ? '' : requireWords(given);
  const { record, about, category } = objection;
  const content = encodeObjectionAnswer({ version, words });
  const once = await nameOfContent(party, chart.handle, [content], record);
  const correction = await findCorrection(party, chart, record);
  // The patient's own words in that place would leave the author none.
  if (objection.begunBy === party.address) throw invalid('objection', 'it is your own');
  if (correction.state === 'withdrawn') throw invalid('objection', 'the patient withdrew it');
  const { answer } = correction;
  if (answer !== undefined && answer.author !== party.address) {
    throw invalid('objection', 'it is answered');
  }
  const amending = version === undefined ? undefined : amendingOf(chart, correction, version);
  const terms = { handle: chart.handle, category, content, purpose: chart.purpose, once };
  const right = chart.grant && { grant: chart.grant };
  // Whoever answered before says something else now, in the next version; the same again is there already.
  const place = answer === undefined ? { about, answers: record } : { amends: answer };
  const added = await addRecord(party, { ...terms, ...right, ...place });
  const told = (await readMistakes(party)).find(
    ({ id, to }) => id === record && to === party.address,
  );
  if (told === undefined) return added;
  const entry = amending?.author === party.address ? amending.acknowledgement : undefined;
  if (words === '' && entry === undefined) return added;
  try {
    await answerMistake(party, {
      id: told.id,
      ...(words !== '' && { words }),
      ...(entry && { entry }),
    });
    return added;
  } catch (error) {
    // The answer stands all the same.
    if (!isMedsealError(error)) throw error;
    return { ...added, untold: error };
  }
}

/**
 * Puts the patient's statement of disagreement with an answer beside the record: it stays there, and everybody reads it who may read the
 * record. It has no term.
 *
 * @param party - The patient.
 * @param chart - The patient's own chart.
 * @param statement - The objection that was answered, and the patient's words, 2,000 characters at most.
 * @throws MedsealError `ARGUMENT_INVALID` for words that are empty or too long, and for an objection without an answer; `NOT_FOUND` if the chart lists
 * no such objection; what `addRecord` throws.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const [answered] = (await listCorrections(patient, chart)).filter(({ answer }) => answer);
 * if (answered !== undefined) {
 *   const { objection } = answered;
 *   await disagreeWithAnswer(patient, chart, { objection, words: 'I was never tested.' });
 * }
 * ```
 */
export async function disagreeWithAnswer(
  party: Party,
  chart: Chart,
  { objection, words: given }: { readonly objection: ChartRecord; readonly words: string },
): Promise<LoggedVersion> {
  const words = requireWords(given);
  const { answer, statement } = await findCorrection(party, chart, objection.record);
  if (answer === undefined) throw invalid('objection', 'nobody answered it');
  const { about, category, record } = answer;
  const content = utf8ToBytes(words);
  const once = await nameOfContent(party, chart.handle, [content], record);
  const place = statement === undefined ? { about, answers: record } : { amends: statement };
  const { handle } = chart;
  return await addRecord(party, { handle, category, content, purpose: 'PATRQT', once, ...place });
}

async function findCorrection(
  party: Party,
  chart: Chart,
  record: ChartRecord['record'],
): Promise<Correction> {
  const all = await listCorrections(party, chart);
  const found = all.find(({ objection }) => objection.record === record);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'objection' });
  return found;
}

/** The version must be of the record that this objection is about, and written after it. */
function amendingOf({ records }: Chart, { objection }: Correction, version: number): ChartRecord {
  const first = records.find((each) => each.record === objection.record && each.version === 1);
  const amending = records.find((each) => {
    return each.record === objection.about && each.version === version;
  });
  const isSince = amending !== undefined && first !== undefined && amending.at >= first.at;
  if (isSince && amending.action === 'amend') return amending;
  throw invalid('version', 'it does not amend the record since the objection');
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
