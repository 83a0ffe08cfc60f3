import type { ReactNode } from 'react';
import { shownText } from '../../fhir/shownText.ts';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { CARD_GROUPS, type EmergencyCard } from '../../session/EmergencyCard.ts';
import { groupWord } from './groupWord.ts';

/** An emergency card as helpers read it, on the screen and on paper. */
export function CardView({ card }: { readonly card: EmergencyCard }): ReactNode {
  const { say, moment } = useWords();
  const { name, made, changed, lines } = card;
  return (
    <>
      <article className="emergency" aria-label={say('emergency.title')}>
        <p className="kind">{say('emergency.title')}</p>
        <h2 dir="auto">{shownText(name)}</h2>
        {CARD_GROUPS.map((group) => {
          const own = lines.filter((line) => line.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group}>
              <h3>{say(groupWord(group))}</h3>
              <ul>
                {own.map(({ text }, place) => (
                  <li key={place} dir="auto">
                    {shownText(text)}
                  </li>
                ))}
              </ul>
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
