import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { unlessMalformed } from '../../protocol/wire/unlessMalformed.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { knownRights } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { ownHandle } from '../state/ownHandle.ts';
import { aboutGrant, findRight, isRecent, requireExtension } from './aboutRight.ts';
import { hasRoom, isLater, isOfSame, keepMistake, readMistakes } from './keptMistakes.ts';
import type { LetterKind } from './LetterKind.ts';
import { MISTAKE_ANSWER, MISTAKE_LETTER, soundWords, type MistakeAbout } from './Mistake.ts';
import { aboutEntry, amendingVersion, fitsTopic } from './mistakeEntry.ts';

/** Seconds by which the clock of another device may be ahead. */
const AHEAD = 300;

/**
 * A report of a mistake: its entry must be one of the reader, so that nobody writes about a chart that the reader never
 * touched, and k coordinators confirm that the sender is the patient of that chart. Of a right, the two are its sides.
 */
export const REPORT_LETTER: LetterKind = {
  field: 'mistake',
  proofs: {
    id: 'sender',
    entry: 'verdicts',
    pair: 'verdicts',
    right: 'facts',
    words: 'words',
    topic: 'sender',
    until: 'sender',
    at: 'sender',
  },
  take: async (party, { from, content }) => {
    const told: unknown = content.mistake;
    if (!isOfShape(MISTAKE_LETTER, told) || told.at > seconds(party.clock) + AHEAD) {
      return 'refused';
    }
    const words = soundWords(told.words);
    if (words === undefined || (told.entry === undefined) === (told.right === undefined)) {
      return 'refused';
    }
    const about = await (told.right === undefined
      ? judgeEntry(party, from, told)
      : judgeRight(party, from, told, told.right));
    if (typeof about === 'string') return about;
    const { topic, until } = told;
    if (!fitsTopic(topic, about)) return 'refused';
    const all = await readMistakes(party);
    const known = all.find(({ id }) => id === told.id);
    if (known !== undefined) {
      const isSaid = known.words === words && known.topic === topic && known.until === until;
      if (known.by !== from || !isSaid || !isOfSame(known.about, about)) return 'refused';
      // The patient sent it again, and so may not have the answer.
      const kept = known.answer ? await keepMistake(party, { ...known, unsent: true }) : known;
      return { mistakes: [kept] };
    }
    const asked = { ...(topic && { topic }), ...(until !== undefined && { until }) };
    const said = { words, ...asked, at: told.at };
    const mistake = { id: told.id, by: from, to: party.address, about, ...said };
    return hasRoom(party, all, mistake)
      ? { mistakes: [await keepMistake(party, mistake)] }
      : 'refused';
  },
};

type Told = Of<typeof MISTAKE_LETTER>;
type Judged = Promise<MistakeAbout | 'refused' | 'unknown'>;

async function judgeEntry(party: Party, from: Address, { entry, pair, until }: Told): Judged {
  const found = unlessMalformed(() => entry && aboutEntry(party, entry, pair));
  if (found?.author !== party.address || until !== undefined) return 'refused';
  const { about } = found;
  const { patient } = await confirmFacts(party, { handle: about.handle });
  if (patient === undefined) return 'unknown';
  return patient.controller === from ? about : 'refused';
}

/** Its grantee asks the patient to extend a right that stands, or that ended lately; or the patient asks the grantee about it. */
async function judgeRight(party: Party, from: Address, told: Told, digest: Bytes32): Judged {
  const { topic, until, pair } = told;
  if (pair !== undefined) return 'refused';
  const own = await ownHandle(party);
  const found = await findRight(party, digest);
  const handle = found?.grant.handle ?? own;
  const query = { grant: digest, ...(handle && { handle }) };
  const { grant: facts, patient } = await confirmFacts(party, query);
  if (facts?.state === 'ended') return 'refused';
  if (facts === undefined || found === undefined) {
    // Another device of the party may know it. Of another chart, none of a patient does.
    return facts !== undefined && own !== undefined && facts.handle !== own ? 'refused' : 'unknown';
  }
  const { grant, isGiven } = found;
  if (facts.handle !== grant.handle || !isRecent(party, grant)) return 'refused';
  const isSide = isGiven
    ? topic === 'extension' && from === grant.terms.grantee && isExtension(party, grant, until)
    : topic === 'question' && from === patient?.controller && until === undefined;
  return isSide ? aboutGrant(digest, grant) : 'refused';
}

function isExtension(party: Party, grant: Grant, until: number | undefined): boolean {
  if (until === undefined) return false;
  return succeeds(() => {
    requireExtension(party, grant, until);
    return true;
  });
}

/** The answer to a report of the party: from the author of the entry that the report is about. */
export const REPORT_ANSWER_LETTER: LetterKind = {
  field: 'mistakeAnswer',
  proofs: { mistake: 'asked', entry: 'verdicts', grant: 'facts', words: 'words', at: 'sender' },
  take: async (party, { from, content }) => {
    const said: unknown = content.mistakeAnswer;
    if (!isOfShape(MISTAKE_ANSWER, said) || said.at > seconds(party.clock) + AHEAD) {
      return 'refused';
    }
    const known = (await readMistakes(party)).find(({ id }) => id === said.mistake);
    // Another device may have made it, and tells this one in a letter that comes after it.
    if (known === undefined) return 'unknown';
    if (known.by !== party.address || known.to !== from) return 'refused';
    const { entry, grant } = said;
    if (grant !== undefined) {
      // The letter hands the right over too, which is taken once k coordinators confirm it.
      if (known.topic !== 'extension' || entry !== undefined) return 'refused';
      const right = (await knownRights(party)).find(({ digest }) => digest === grant);
      if (right === undefined) return 'unknown';
      if (right.grant.handle !== known.about.handle) return 'refused';
    }
    const version = entry && unlessMalformed(() => amendingVersion(party, known, entry));
    const words =
      soundWords(said.words) ??
      (said.words === '' && (version ?? grant) !== undefined ? '' : undefined);
    if (words === undefined || (entry !== undefined && version === undefined)) return 'refused';
    const amended = version ?? known.answer?.version;
    const made = { ...(amended !== undefined && { version: amended }), ...(grant && { grant }) };
    const answer = { words, at: said.at, ...made };
    // An agent can give letters in any order, and one of them twice.
    if (!isLater(answer, known.answer)) return { mistakeAnswers: [known] };
    const { unsent: _unsent, entry: _entry, pair: _pair, ...shared } = known;
    return { mistakeAnswers: [await keepMistake(party, { ...shared, answer })] };
  },
};
