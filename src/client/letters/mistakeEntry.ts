import { MedsealError } from '../../errors/MedsealError.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { askedInEntry, isLeftOut, type PairInSet } from '../../protocol/release/releasedView.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Ask, Erase, ViewSet, Write } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import { enteredIn } from './enteredIn.ts';
import type { Mistake, MistakeAbout, ReportTopic } from './Mistake.ts';

/**
 * Verifies an entry that a report is about, and returns its author and what it says.
 *
 * @param party - The reader, with the network file.
 * @param entry - Not trusted.
 * @param pair - The record version that it is about, if the entry is a view of several; not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 * @example
 * ```ts
 * const { author, about } = aboutEntry(patient, acknowledgement);
 * console.log(`${author} wrote the entry: ${about.act}`);
 * ```
 */
export function aboutEntry(
  party: Party,
  entry: Acknowledgement,
  pair?: PairInSet,
): { readonly author: Address; readonly about: MistakeAbout } {
  const body = enteredIn(party, entry);
  const { flag, at, request } = body;
  const accepted = flag === 'A';
  const { handle, purpose } = request.message;
  const common = { handle, entry: entry.entry, accepted, purpose, at };
  const author = request.party;
  if (pair !== undefined) {
    if (request.type !== 'ViewSet' || askedInEntry(party.primitives, body, pair) === undefined) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the entry does not name the record' });
    }
    const { record, version } = pair;
    const seen = { act: 'record' as const, record, version };
    return { author, about: { ...common, ...seen, accepted: accepted && !isLeftOut(body, pair) } };
  }
  if (request.type === 'Write') {
    const { action, record, version, category } = request.message as Write;
    return { author, about: { ...common, act: action, record, version, category } };
  }
  const view = askedView(request);
  if (view !== undefined) {
    const { what, record, version } = view;
    if (what === 'chain') {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the entry concerns no chart' });
    }
    const seen = what === 'record' ? { record, version } : {};
    return { author, about: { ...common, act: what, ...seen } };
  }
  if (request.type === 'ViewSet') {
    const { count: named } = request.message as ViewSet;
    const count = accepted ? named - (body.left?.length ?? 0) : 0;
    return { author, about: { ...common, act: 'records', count } };
  }
  if (request.type === 'Erase') {
    const { category } = request.message as Erase;
    return { author, about: { ...common, act: 'erase', category } };
  }
  if (request.type !== 'Ask') {
    throw new MedsealError('EVIDENCE_INVALID', {
      reason: 'no report is about entries of this kind',
    });
  }
  return { author, about: { ...common, act: (request.message as Ask).what } };
}

/**
 * Returns the version with which the author of a record amends what a report says is wrong; undefined if the entry is of
 * another record, chart or author, refuses it, or is not of a later version.
 *
 * @param party - The reader, with the network file.
 * @param mistake - The report.
 * @param entry - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function amendingVersion(
  party: Party,
  { about, to }: Pick<Mistake, 'about' | 'to'>,
  entry: Acknowledgement,
): number | undefined {
  if (!isAboutVersion(about)) return undefined;
  const { author, about: amended } = aboutEntry(party, entry);
  const isOf =
    amended.act === 'amend' &&
    amended.accepted &&
    author === to &&
    amended.handle === about.handle &&
    amended.record === about.record;
  return isOf && (amended.version ?? 0) > (about.version ?? 0) ? amended.version : undefined;
}

/**
 * Tells whether a report is about a version of a record, and not about a view or a request.
 *
 * @param about - Entry that the report is about.
 * @example
 * ```ts
 * for (const { about } of await readMistakes(doctor)) {
 *   if (isAboutVersion(about)) console.log(`version ${about.version} of ${about.record}`);
 * }
 * ```
 */
export function isAboutVersion({ act, accepted }: MistakeAbout): boolean {
  return accepted && (act === 'add' || act === 'amend');
}

/**
 * Tells whether a report may have a topic: a renewal is of a version of a record of medicines; of a right there are questions
 * and the wish that it is extended; a correction is told to whoever opened a record.
 *
 * @param topic - The topic; undefined for a report of a mistake.
 * @param about - Entry or right that the report is about.
 */
export function fitsTopic(topic: ReportTopic | undefined, about: MistakeAbout): boolean {
  if (about.act === 'right') return topic === 'question' || topic === 'extension';
  if (topic === 'extension') return false;
  if (topic === 'correction') return about.act === 'record' && about.accepted;
  return topic !== 'renewal' || (isAboutVersion(about) && about.category === 'medications');
}
