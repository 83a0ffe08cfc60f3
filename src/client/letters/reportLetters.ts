import { seconds } from '../../protocol/Clock.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { hasRoom, isLater, isOfSame, keepMistake, readMistakes } from './keptMistakes.ts';
import type { LetterKind } from './LetterKind.ts';
import { MISTAKE_ANSWER, MISTAKE_LETTER, soundWords } from './Mistake.ts';
import { aboutEntry, amendingVersion, fitsTopic } from './mistakeEntry.ts';

/** Seconds by which the clock of another device may be ahead. */
const AHEAD = 300;

/**
 * A report of a mistake: its entry must be one of the reader, so that nobody writes about a chart that the reader never
 * touched, and k coordinators confirm that the sender is the patient of that chart.
 */
export const REPORT_LETTER: LetterKind = {
  field: 'mistake',
  proofs: {
    id: 'sender',
    entry: 'verdicts',
    pair: 'verdicts',
    words: 'words',
    topic: 'sender',
    at: 'sender',
  },
  take: async (party, { from, content }) => {
    const told: unknown = content.mistake;
    if (!isOfShape(MISTAKE_LETTER, told) || told.at > seconds(party.clock) + AHEAD) {
      return 'refused';
    }
    const words = soundWords(told.words);
    const found = unlessMalformed(() => aboutEntry(party, told.entry, told.pair));
    if (words === undefined || found?.author !== party.address) return 'refused';
    const { about } = found;
    const { topic } = told;
    if (!fitsTopic(topic, about)) return 'refused';
    const { patient } = await confirmFacts(party, { handle: about.handle });
    if (patient === undefined) return 'unknown';
    if (patient.controller !== from) return 'refused';
    const all = await readMistakes(party);
    const known = all.find(({ id }) => id === told.id);
    if (known !== undefined) {
      const isSame = known.by === from && known.words === words && known.topic === topic;
      if (!isSame || !isOfSame(known.about, about)) return 'refused';
      // The patient sent it again, and so may not have the answer.
      const kept = known.answer ? await keepMistake(party, { ...known, unsent: true }) : known;
      return { mistakes: [kept] };
    }
    const said = { words, ...(topic && { topic }), at: told.at };
    const mistake = { id: told.id, by: from, to: party.address, about, ...said };
    return hasRoom(party, all, mistake)
      ? { mistakes: [await keepMistake(party, mistake)] }
      : 'refused';
  },
};

/** The answer to a report of the party: from the author of the entry that the report is about. */
export const REPORT_ANSWER_LETTER: LetterKind = {
  field: 'mistakeAnswer',
  proofs: { mistake: 'asked', entry: 'verdicts', words: 'words', at: 'sender' },
  take: async (party, { from, content }) => {
    const said: unknown = content.mistakeAnswer;
    if (!isOfShape(MISTAKE_ANSWER, said) || said.at > seconds(party.clock) + AHEAD) {
      return 'refused';
    }
    const known = (await readMistakes(party)).find(({ id }) => id === said.mistake);
    // Another device may have made it, and tells this one in a letter that comes after it.
    if (known === undefined) return 'unknown';
    if (known.by !== party.address || known.to !== from) return 'refused';
    const { entry } = said;
    const version = entry && unlessMalformed(() => amendingVersion(party, known, entry));
    const words =
      soundWords(said.words) ?? (said.words === '' && version !== undefined ? '' : undefined);
    if (words === undefined || (entry !== undefined && version === undefined)) return 'refused';
    const amended = version ?? known.answer?.version;
    const answer = { words, at: said.at, ...(amended !== undefined && { version: amended }) };
    // An agent can give letters in any order, and one of them twice.
    if (!isLater(answer, known.answer)) return { mistakeAnswers: [known] };
    const { unsent: _unsent, entry: _entry, pair: _pair, ...shared } = known;
    return { mistakeAnswers: [await keepMistake(party, { ...shared, answer })] };
  },
};
