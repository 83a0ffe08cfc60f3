import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import type { Mistake, MistakeReply } from './Mistake.ts';

/** Name under which a device stores the reports by its party, and to it. */
const NAME = 'mistakes';
/** Most reports that a device keeps. */
const MOST_KEPT = 500;
/** Most reports that wait for the answer of one party: about one record or entry, about one chart, and in all. */
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
  return ((await party.device.read(NAME)) as readonly Mistake[] | undefined) ?? [];
}

/** Stores a report in place of what the device knew of it. */
export async function keepMistake(party: Party, mistake: Mistake): Promise<Mistake> {
  return await aloneOn(party.device, async () => await storeMistake(party, mistake));
}

async function storeMistake(party: Party, mistake: Mistake): Promise<Mistake> {
  const others = (await readMistakes(party)).filter(({ id }) => id !== mistake.id);
  const kept = [...others, mistake]
    .toSorted((one, other) => openness(one) - openness(other) || one.at - other.at)
    .slice(-MOST_KEPT);
  await party.device.write(
    NAME,
    kept.toSorted((one, other) => one.at - other.at),
  );
  return mistake;
}

function openness({ answer }: Mistake): number {
  return answer === undefined ? 1 : 0;
}

/** Stores a report that another device of the party noted; of two answers the later counts. */
export async function mergeMistake(party: Party, noted: Mistake): Promise<void> {
  await aloneOn(party.device, async () => {
    const known = (await readMistakes(party)).find(({ id }) => id === noted.id);
    if (known === undefined) {
      await storeMistake(party, noted);
    } else if (noted.answer !== undefined && isLater(noted.answer, known.answer)) {
      const { unsent: _unsent, entry: _entry, ...shared } = known;
      await storeMistake(party, { ...shared, answer: noted.answer });
    }
  });
}

/** Tells which of two answers counts, alike on every device. */
export function isLater(answer: MistakeReply, before: MistakeReply | undefined): boolean {
  if (before === undefined || answer.at !== before.at) return answer.at > (before?.at ?? -1);
  return canonicalJson(answer) > canonicalJson(before);
}

/** A report without what only this device knows. */
export function sharedMistake(mistake: Mistake): Mistake {
  const { id, by, to, about, words, at, answer } = mistake;
  return { id, by, to, about, words, at, ...(answer && { answer }) };
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
  const onChart = open.filter(({ about }) => about.handle === next.about.handle);
  const same = onChart.filter(({ about }) => subjectOf(about) === subjectOf(next.about));
  return open.length < MOST_OPEN && onChart.length < MOST_OF_CHART && same.length < MOST_OF_ENTRY;
}

function subjectOf({ record, entry }: Mistake['about']): string {
  return record ?? entry;
}
