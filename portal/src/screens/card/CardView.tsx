import type { ReactNode } from 'react';
import { shownText } from '../../fhir/shownText.ts';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { CARD_GROUPS, type EmergencyCard } from '../../session/EmergencyCard.ts';
import { unturned } from '../../words/readingOrder.ts';
import { groupWord } from './groupWord.ts';
import classes from './CardView.module.css';

/** An emergency card as helpers read it, on the screen and on paper: each group is on it, also one without lines. */
export function CardView({ card }: { readonly card: EmergencyCard }): ReactNode {
  const { say, moment, locale } = useWords();
  const { name, made, changed, lines, noneKnown } = card;
  return (
    <>
      <article className={classes['emergency']} aria-label={say('emergency.title')}>
        <p className="kind">{say('emergency.title')}</p>
        <h2 dir="auto">{shownText(name)}</h2>
        {CARD_GROUPS.map((group) => {
          const own = lines.filter((line) => line.group === group);
          const isNoneKnown = noneKnown?.includes(group) ?? false;
          return (
            <section key={group}>
              <h3>{say(groupWord(group))}</h3>
              {own.length === 0 && (
                <p>{say(isNoneKnown ? 'emergency.none-known' : 'emergency.not-stated')}</p>
              )}
              {own.length > 0 && (
                <ul>
                  {own.map(({ text }, place) => (
                    <li key={place}>{unturned(shownText(text), locale)}</li>
                  ))}
                </ul>
              )}
            </section>
          );
        })}
        {changed !== undefined && (
          <p>
            <strong>{say('emergency.old-since', { when: moment(changed) })}</strong>
          </p>
        )}
        <p>{say('emergency.made', { when: moment(made) })}</p>
      </article>
      <p>
        <Button onClick={() => window.print()}>{say('emergency.print')}</Button>
      </p>
    </>
  );
}
