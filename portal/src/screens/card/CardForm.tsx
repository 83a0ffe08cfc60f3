import { useState, type ReactNode } from 'react';
import { shownText } from '../../fhir/shownText.ts';
import type { Session } from '../../session/Session.ts';
import { useDraft } from '../../session/useDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { KeptDraft } from '../../ui/KeptDraft.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { unturned } from '../../words/readingOrder.ts';
import { useWords } from '../../words/useWords.tsx';
import {
  CARD_GROUPS,
  LONGEST_LINE,
  MOST_LINES,
  type CardGroup,
  type CardLine,
  type EmergencyCard,
} from '../../session/EmergencyCard.ts';
import { groupWord } from '../../card/groupWord.ts';
import choicesLook from '../../ui/Choices.module.css';

/** Groups that the person writes; the others come from the records. */
const WRITTEN: readonly CardGroup[] = ['languages', 'contacts', 'more'];

/** Properties of `CardForm`. */
export interface CardFormProps {
  readonly session: Session;
  /** Lines that the records offer. */
  readonly offered: readonly CardLine[];
  /** Birth date of the records, in words; it stands behind the name until the person writes something else. */
  readonly born: string | undefined;
  /** The card as it is. */
  readonly card: EmergencyCard | undefined;
  readonly busy: boolean;
  readonly onMake: (name: string, lines: readonly CardLine[], done: () => Promise<void>) => void;
}

/** Chooses each line of a card, all of which are chosen at first; nothing is on it that was not chosen or written. */
export function CardForm({ session, offered, born, card, busy, onMake }: CardFormProps): ReactNode {
  const { say, locale } = useWords();
  const before = card?.lines ?? [];
  const draft = useDraft(session, `card/${card?.made ?? ''}`, {
    name: card?.name ?? [session.called, born].filter(Boolean).join(', '),
    chosen: (card === undefined ? offered : before).map(nameOf),
    texts: Object.fromEntries(WRITTEN.map((group) => [group, textOf(before, group)])),
  });
  const [isRefused, setRefused] = useState(false);
  const { name, texts } = draft.value;
  const chosen = new Set(draft.value.chosen);
  const choose = (lines: readonly CardLine[], on: boolean): void => {
    const next = new Set(chosen);
    for (const line of lines) {
      if (on) next.add(nameOf(line));
      else next.delete(nameOf(line));
    }
    draft.change({ chosen: [...next] });
  };
  const written = WRITTEN.flatMap((group) =>
    (texts[group] ?? '')
      .split('\n')
      .map((text) => ({ group, text: text.trim().slice(0, LONGEST_LINE) }))
      .filter(({ text }) => text !== ''),
  );
  const lines = [...offered.filter((line) => chosen.has(nameOf(line))), ...written];
  const over = lines.length - MOST_LINES;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setRefused(lines.length === 0);
        if (lines.length > 0 && over <= 0)
          onMake(name.trim().slice(0, LONGEST_LINE), lines, draft.drop);
      }}
    >
      <KeptDraft draft={draft} />
      <h2>{say('emergency.choose')}</h2>
      <p>{say('emergency.choose-lead')}</p>
      <TextField
        label={say('emergency.name')}
        value={name}
        maxLength={120}
        onChange={(text) => draft.change({ name: text })}
      />
      {CARD_GROUPS.filter((group) => !WRITTEN.includes(group)).map((group) => {
        const own = offered.filter((line) => line.group === group);
        return (
          <fieldset key={group} className={choicesLook['choices']}>
            <legend>{say(groupWord(group))}</legend>
            {own.length === 0 && <p>{say('emergency.none')}</p>}
            {own.map((line) => (
              <label key={line.text} className={choicesLook['choice']}>
                <input
                  type="checkbox"
                  checked={chosen.has(nameOf(line))}
                  onChange={(event) => choose([line], event.target.checked)}
                />
                <span>{unturned(shownText(line.text), locale)}</span>
              </label>
            ))}
            {own.length > 1 && (
              <Button kind="quiet" onClick={() => choose(own, true)}>
                {say('emergency.all')}
              </Button>
            )}
          </fieldset>
        );
      })}
      {WRITTEN.map((group) => (
        <TextField
          key={group}
          label={say(groupWord(group))}
          rows={group === 'languages' ? 1 : 3}
          value={texts[group] ?? ''}
          onChange={(text) => draft.change({ texts: { ...texts, [group]: text } })}
          {...(group === 'contacts' && { hint: say('emergency.contacts-hint') })}
        />
      ))}
      {over > 0 && (
        <p className="error" role="alert">
          {say('emergency.too-many', { count: MOST_LINES })}
        </p>
      )}
      {isRefused && lines.length === 0 && (
        <p className="error" role="alert">
          {say('emergency.empty')}
        </p>
      )}
      <Button kind="main" type="submit" busy={busy}>
        {say('emergency.make')}
      </Button>
    </form>
  );
}

function nameOf({ group, text }: CardLine): string {
  return `${group} ${text}`;
}

function textOf(lines: readonly CardLine[], group: CardGroup): string {
  return lines
    .filter((line) => line.group === group)
    .map(({ text }) => text)
    .join('\n');
}
