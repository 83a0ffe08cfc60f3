import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { PAIR_IN_SET } from '../../protocol/release/releasedView.ts';
import { DeviceBook, openLast } from '../party/DeviceBook.ts';
import type { Party } from '../party/Party.ts';
import { MISTAKE, type Mistake, type MistakeAbout, type MistakeReply } from './Mistake.ts';

/** The reports by the party, and to it. */
const MISTAKES = new DeviceBook({
  name: 'mistakes',
  shape: shapeOfType<Mistake>('Mistake')({
    ...MISTAKE,
    'unsent?': 'boolean',
    'entry?': ACKNOWLEDGEMENT,
    'pair?': PAIR_IN_SET,
  }),
  keyOf: ({ id }) => id,
  most: 500,
  within: openLast(({ answer }) => answer === undefined),
});
/** Most reports that wait for the answer of one party: about one record, entry or right, by one sender about one chart, and in all. */
const [MOST_OF_ENTRY, MOST_OF_CHART, MOST_OPEN] = [3, 16, 200];
/** Seconds after which a report that nobody answered counts no more against these numbers. */
const OPEN_FOR = 180 * 24 * 3600;

/**
 * Reads the reports of mistakes that the party made or was told, the newest last.
 *
 * @param party - The patient who reported, or the author who was told.
 * @example
 * ```ts
 * await checkInbox(doctor);
 * const told = (await readMistakes(doctor)).filter(({ to }) => to === doctor.address);
 * for (const { words, answer } of told) if (answer === undefined) console.log(words);
 * ```
 */
export async function readMistakes(party: Party): Promise<readonly Mistake[]> {
  return (await MISTAKES.read(party)).toSorted((one, other) => one.at - other.at);
}

/** Stores a report in place of what the device knew of it. */
export async function keepMistake(party: Party, mistake: Mistake): Promise<Mistake> {
  await MISTAKES.put(party, mistake);
  return mistake;
}

/** Stores a report that another device of the party noted; of two answers the later counts. */
export async function mergeMistake(party: Party, noted: Mistake): Promise<void> {
  await MISTAKES.merge(party, noted, (known) => {
    if (known === undefined) return noted;
    if (noted.answer === undefined || !isLater(noted.answer, known.answer)) return undefined;
    const { unsent: _unsent, entry: _entry, pair: _pair, ...shared } = known;
    return { ...shared, answer: noted.answer };
  });
}

/** Tells whether two reports are about the same entry, and of a view of several records about the same one. */
export function isOfSame(one: MistakeAbout, other: MistakeAbout): boolean {
  const { entry, record, version } = other;
  return one.entry === entry && one.record === record && one.version === version;
}

/** Tells which of two answers counts, alike on every device. */
export function isLater(answer: MistakeReply, before: MistakeReply | undefined): boolean {
  if (before === undefined || answer.at !== before.at) return answer.at > (before?.at ?? -1);
  return canonicalJson(answer) > canonicalJson(before);
}

/**
 * Returns a report without what only this device knows.
 *
 * @param mistake - A report.
 * @example
 * ```ts
 * const reports = (await readMistakes(patient)).map(sharedMistake);
 * console.log(JSON.stringify(reports));
 * ```
 */
export function sharedMistake(mistake: Mistake): Mistake {
  const { id, by, to, about, words, topic, until, at, answer } = mistake;
  const asked = { ...(topic && { topic }), ...(until !== undefined && { until }) };
  return { id, by, to, about, words, ...asked, at, ...(answer && { answer }) };
}

/**
 * Tells whether one more report may wait for an answer.
 *
 * @param party - Whoever keeps the reports.
 * @param all - Reports that it keeps.
 * @param next - The further one.
 */
export function hasRoom(
  party: Party,
  all: readonly Mistake[],
  next: Pick<Mistake, 'by' | 'to' | 'about'>,
): boolean {
  const since = seconds(party.clock) - OPEN_FOR;
  const open = all.filter(({ to, at, answer }) => {
    return answer === undefined && to === next.to && at > since;
  });
  // Of a right its grantee asks: none of several closes the patient to another.
  const onChart = open.filter(({ about, by }) => {
    return about.handle === next.about.handle && by === next.by;
  });
  const same = onChart.filter(({ about }) => subjectOf(about) === subjectOf(next.about));
  return open.length < MOST_OPEN && onChart.length < MOST_OF_CHART && same.length < MOST_OF_ENTRY;
}

function subjectOf({ record, entry }: Mistake['about']): string {
  return record ?? entry;
}
