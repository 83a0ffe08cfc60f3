import type { Bytes32 } from '../../../protocol/ids.ts';
import { confirmSigner } from '../../audit/confirmSigner.ts';
import type { Party } from '../../party/Party.ts';
import { restoreRights } from '../../rights/restoreRights.ts';
import { dropHeld, holdLetter, isOver, readHeld } from '../../letters/heldLetters.ts';
import { joinNews, type InboxNews } from '../../letters/InboxNews.ts';
import { LETTER_KINDS } from './letterKinds.ts';
import { restsOnSender, type LetterVerdict } from '../../letters/LetterKind.ts';
import { collectLetters, type OpenedLetter } from '../../letters/letters.ts';
import { ownLetter, shareNotes, takeNotes, type OwnLetter } from './shareNotes.ts';

const DISCARDED = { discarded: 1 };

/**
 * Takes the letters that wait for a party, and stores their valid content on its device, each kind once what its sender
 * says is proven: a right that the ledger has, a request that a log shows, an answer of the patient who was asked.
 * Letters that cannot be true are discarded. The sender's word counts under the sender's present key; of letters under
 * a former one only the senders are told. Letters that cannot be judged yet stay on the device, and are judged again the
 * next time. Then it
 * restores the rights whose letters came to another device of the party, see `restoreRights`, and
 * takes and gives notes of the party's devices: contacts, requests, reports, answers and steps of claims.
 *
 * @param party - The reader.
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_UNAUTHENTIC`.
 * @example
 * ```ts
 * const { rights, answers } = await checkInbox(doctor);
 * for (const grant of rights) console.log(`${grant.handle} gave a right until ${grant.terms.until}`);
 * for (const { answer, digest } of answers) console.log(`${digest} was ${answer}`);
 * ```
 */
export async function checkInbox(party: Party): Promise<InboxNews> {
  const news: Partial<InboxNews>[] = [];
  const own = new Map<Bytes32, OwnLetter>();
  await collectLetters(party, async (letter) => {
    const mine = ownLetter(party, letter);
    if (mine !== undefined) {
      // It waits for the party's other devices too.
      if (!own.has(mine.id)) await takeNotes(party, mine.notes);
      own.set(mine.id, mine);
      return false;
    }
    const verdict = await judge(party, letter);
    // Held letters are told below.
    if (verdict === 'unknown' || verdict === 'former') {
      news.push({ discarded: (await holdLetter(party, letter)).length });
    } else news.push(verdict);
    return true;
  });
  news.push(...(await judgeHeld(party)));
  // Another device may have taken the letter, or its time has passed.
  news.push({ rights: (await restoreRights(party)).map(({ grant }) => grant) });
  await shareNotes(party, [...own.values()]);
  return joinNews(news);
}

/** Judges the letters that are held: another one, or another device, may have brought what proves them. */
async function judgeHeld(party: Party): Promise<readonly Partial<InboxNews>[]> {
  const news: Partial<InboxNews>[] = [];
  const judged: OpenedLetter[] = [];
  for (const letter of await readHeld(party)) {
    const verdict = await judge(party, letter);
    const isHeld = verdict === 'unknown' || verdict === 'former';
    if (isHeld && !isOver(party, letter)) {
      if (verdict === 'former') news.push({ formerKeys: [letter.from] });
      continue;
    }
    judged.push(letter);
    news.push(isHeld ? DISCARDED : verdict);
  }
  await dropHeld(party, judged);
  return news;
}

/** The verdict on a letter; `former` if its sender has changed the key that signed it. */
type Verdict = LetterVerdict | 'former';

/** Has each kind that a letter is of judge it; it is unknown while one of them cannot tell. */
async function judge(party: Party, letter: OpenedLetter): Promise<Exclude<Verdict, 'refused'>> {
  const { content } = letter;
  if (content === undefined) return DISCARDED;
  const kinds = LETTER_KINDS.filter(({ field, unless }) => {
    return content[field] !== undefined && (unless === undefined || content[unless] === undefined);
  });
  const verdicts: Verdict[] = [];
  for (const kind of kinds) {
    const verdict = restsOnSender(kind) ? await judgeSender(party, letter) : 'present';
    verdicts.push(verdict === 'present' ? await kind.take(party, { ...letter, content }) : verdict);
  }
  if (verdicts.includes('unknown')) return 'unknown';
  if (verdicts.includes('former')) return 'former';
  const taken = verdicts.filter((verdict) => typeof verdict === 'object');
  return taken.length === 0 ? DISCARDED : joinNews(taken);
}

/**
 * Judges the key of a letter by what k coordinators say of it: nobody can tell when a former key signed. A suspension can
 * be lifted while the letter is held.
 */
async function judgeSender(
  party: Party,
  { from, signer }: OpenedLetter,
): Promise<Exclude<Verdict, object> | 'present'> {
  const standing = await confirmSigner(party, { name: from, signer });
  if (standing === 'suspended') return 'unknown';
  return standing === 'foreign' ? 'refused' : standing;
}
