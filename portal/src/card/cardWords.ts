import { shownText } from '../fhir/shownText.ts';
import { CARD_GROUPS, type CardGroup, type EmergencyCard } from '../session/EmergencyCard.ts';
import { unturned } from '../words/readingOrder.ts';
import type { Words } from '../words/useWords.tsx';
import { groupWord } from './groupWord.ts';

/** Everything that a card says, in the order in which it is read. */
export interface CardWords {
  readonly title: string;
  readonly name: string;
  /** Each group, also one without lines: `none` says of that what is known. */
  readonly groups: readonly {
    readonly group: CardGroup;
    readonly heading: string;
    readonly lines: readonly string[];
    readonly none: string;
  }[];
  /** Since when the records have changed; undefined if they have not. */
  readonly old: string | undefined;
  readonly made: string;
}

/**
 * Puts a card into words, for the screen, paper and a picture alike.
 *
 * @param card - The card.
 * @param words - The person's words.
 */
export function cardWords(
  { name, made, changed, lines, noneKnown }: EmergencyCard,
  { say, moment, locale }: Pick<Words, 'say' | 'moment' | 'locale'>,
): CardWords {
  return {
    title: say('emergency.title'),
    name: shownText(name),
    groups: CARD_GROUPS.map((group) => ({
      group,
      heading: say(groupWord(group)),
      lines: lines
        .filter((line) => line.group === group)
        .map(({ text }) => unturned(shownText(text), locale)),
      none: say(
        noneKnown?.includes(group) === true ? 'emergency.none-known' : 'emergency.not-stated',
      ),
    })),
    old: changed === undefined ? undefined : say('emergency.old-since', { when: moment(changed) }),
    made: say('emergency.made', { when: moment(made) }),
  };
}
