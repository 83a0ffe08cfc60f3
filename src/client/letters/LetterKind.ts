import type { Party } from '../party/Party.ts';
import type { InboxNews } from './InboxNews.ts';
import type { LetterContent, OpenedLetter } from './letters.ts';

/**
 * The verdict of a device on a letter: news if it took it, now or before; `refused` if it can never be true; `unknown` while
 * what would prove it is not there. Only a verdict lets a letter go: what is unknown stays on the device, and is looked
 * at again.
 */
export type LetterVerdict = Partial<InboxNews> | 'refused' | 'unknown';

/**
 * The proof of a field of a letter: `facts`, k coordinators sign it over the device's own nonce; `verdicts`, k
 * coordinators judged its entry; `hash`, a proven field has its hash; `made again`, the device makes it from proven
 * fields; `asked`, it answers what the party itself asked; `sender`, the sender signed it and speaks for nobody else, so
 * that the device only shows it; `words`, text that is shown as the sender's. The last two
 * count if k coordinators say that the key is the sender's present one.
 */
export type Proof = 'facts' | 'verdicts' | 'hash' | 'made again' | 'asked' | 'sender' | 'words';

/** One kind of letters, as its room registers it in `letterKinds.ts`. */
export interface LetterKind {
  /** Field of the content that tells it. */
  readonly field: keyof LetterContent;
  /** Field that tells a further meaning of it: with that one, the letter is of another kind. */
  readonly unless?: keyof LetterContent;
  /** The proof of each field; what a device does by itself is never proven by the letter. */
  readonly proofs: Readonly<Record<string, Proof>>;
  /**
   * True if it also counts that this sender wrote the letter: others have what proves its fields. Then k coordinators must
   * say that the key is the sender's present one.
   */
  readonly fromSender?: true;
  /**
   * Takes a letter in.
   *
   * @param party - The reader.
   * @param letter - Not trusted; its sender is proven if a field of this kind rests on the sender.
   * @throws MedsealError if it could not be judged: the letter then waits with the nodes.
   */
  take(
    party: Party,
    letter: OpenedLetter & { readonly content: LetterContent },
  ): Promise<LetterVerdict>;
}

/** Tells whether a letter of a kind counts only under its sender's present key. */
export function restsOnSender({
  proofs,
  fromSender,
}: Pick<LetterKind, 'proofs' | 'fromSender'>): boolean {
  const ofFields = Object.values(proofs);
  return fromSender === true || ofFields.some((proof) => proof === 'sender' || proof === 'words');
}
