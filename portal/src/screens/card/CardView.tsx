import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { EmergencyCard } from '../../session/EmergencyCard.ts';
import { cardWords } from '../../card/cardWords.ts';
import { List } from '../../ui/List.tsx';
import classes from './CardView.module.css';

/** An emergency card as helpers read it, on the screen and on paper: each group is on it, also one without lines. */
export function CardView({ card }: { readonly card: EmergencyCard }): ReactNode {
  const words = useWords();
  const { title, name, groups, old, made } = cardWords(card, words);
  return (
    <>
      <article className={classes['emergency']} aria-label={title}>
        <p className="kind">{title}</p>
        <h2 dir="auto">{name}</h2>
        {groups.map(({ group, heading, lines, none }) => (
          <section key={group}>
            <h3>{heading}</h3>
            <List all look="text" items={lines} keyOf={(_, place) => place} none={none}>
              {(line) => line}
            </List>
          </section>
        ))}
        {old !== undefined && (
          <p>
            <strong>{old}</strong>
          </p>
        )}
        <p>{made}</p>
      </article>
      <p>
        <Button onClick={() => window.print()}>{words.say('emergency.print')}</Button>
      </p>
    </>
  );
}
