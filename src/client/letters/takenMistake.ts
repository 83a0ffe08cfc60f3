import { isMedsealError } from '../../errors/isMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { hasRoom, isLater, keepMistake, readMistakes } from './keptMistakes.ts';
import type { OpenedLetter } from './letters.ts';
import { MISTAKE_ANSWER, MISTAKE_LETTER, soundWords, type Mistake } from './Mistake.ts';
import { aboutEntry, amendingVersion } from './mistakeEntry.ts';

/** Seconds by which the clock of another device may be ahead. */
const AHEAD = 300;

/**
 * Stores a report of a mistake that came in a letter; undefined if it is not valid. Its entry must be one of the reader,
 * so that nobody writes about a chart that the reader never touched, and k coordinators must confirm that the sender is
 * the patient of that chart.
 *
 * @param party - The reader.
 * @param letter - Letter that was opened; its sender signed it.
 * @throws MedsealError what `confirmFacts` throws: the letter then waits.
 */
export async function takenMistake(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<Mistake | undefined> {
  const told: unknown = content?.mistake;
  if (!isOfShape(MISTAKE_LETTER, told) || told.at > seconds(party.clock) + AHEAD) return undefined;
  const words = soundWords(told.words);
  const found = unlessInvalid(() => aboutEntry(party, told.entry));
  if (words === undefined || found?.author !== party.address) return undefined;
  const { about } = found;
  const { patient } = await confirmFacts(party, { handle: about.handle });
  if (patient?.controller !== from) return undefined;
  const all = await readMistakes(party);
  const known = all.find(({ id }) => id === told.id);
  if (known !== undefined) {
    const isSame = known.by === from && known.words === words && known.about.entry === about.entry;
    // The patient sent it again, and so may not have the answer.
    if (isSame && known.answer) return await keepMistake(party, { ...known, unsent: true });
    return isSame ? known : undefined;
  }
  const mistake = { id: told.id, by: from, to: party.address, about, words, at: told.at };
  return hasRoom(party, all, mistake) ? await keepMistake(party, mistake) : undefined;
}

/**
 * Stores the answer to a report of the party that came in a letter; `unknown` if the device does not know the report, and
 * undefined if the party did not make it to the sender, or the answer is not valid.
 *
 * @param party - The patient who reported.
 * @param letter - Letter that was opened; its sender signed it.
 */
export async function takenMistakeAnswer(
  party: Party,
  { from, content }: OpenedLetter,
): Promise<Mistake | 'unknown' | undefined> {
  const said: unknown = content?.mistakeAnswer;
  if (!isOfShape(MISTAKE_ANSWER, said) || said.at > seconds(party.clock) + AHEAD) return undefined;
  const known = (await readMistakes(party)).find(({ id }) => id === said.mistake);
  if (known === undefined) return 'unknown';
  if (known.by !== party.address || known.to !== from) return undefined;
  const { entry } = said;
  const version = entry && unlessInvalid(() => amendingVersion(party, known, entry));
  const words =
    soundWords(said.words) ?? (said.words === '' && version !== undefined ? '' : undefined);
  if (words === undefined || (entry !== undefined && version === undefined)) return undefined;
  const amended = version ?? known.answer?.version;
  const answer = { words, at: said.at, ...(amended !== undefined && { version: amended }) };
  // An agent can give letters in any order, and one of them twice.
  if (!isLater(answer, known.answer)) return known;
  const { unsent: _unsent, entry: _entry, ...shared } = known;
  return await keepMistake(party, { ...shared, answer });
}

/** Returns undefined for an entry that is not valid. */
function unlessInvalid<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!isMedsealError(error, 'EVIDENCE_INVALID')) throw error;
    return undefined;
  }
}
