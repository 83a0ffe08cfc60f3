import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Correction } from '../../../../src/client/index.ts';
import type { LastKnown } from '../../session/lastKnown.ts';
import type { NameOf } from '../../session/useNames.ts';
import type { Task } from '../../session/useTask.ts';
import type { WaitingNow } from '../../session/waitingFor.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { WordKey } from '../../words/WordKey.ts';
import cardLook from '../../ui/Card.module.css';

/** Holds what waits, and the objections that nobody answered in time. */
interface WaitingAtHome extends WaitingNow {
  readonly overdue: readonly Correction[];
}

/** Lists what waits for the patient’s answer. */
export function Waits({
  waiting,
  nameOf,
}: {
  readonly waiting: Task<LastKnown<WaitingAtHome>>;
  readonly nameOf: NameOf;
}): ReactNode {
  const { say, moment } = useWords();
  if (waiting.state !== 'done') return <Awaiting on={waiting} what={say('home.looking')} />;
  const { asked, changed, answered, overdue, wishes, ending, said } = waiting.value.value;
  const all = [asked, changed, answered, overdue, wishes, ending];
  if ([...all, said].every(({ length }) => length === 0)) {
    return <Notice kind="good" title={say('home.nothing-waits')} />;
  }
  const rows = [
    ...said.map((what) => ({ key: what, to: '/will', text: say(`home.said-${what}`) })),
    ...counted('asked', '/requests', asked, 'home.asked'),
    ...counted('changed', '/requests', changed, 'home.changed'),
    ...counted('overdue', '/records', overdue, 'mistakes.overdue-waits'),
    ...counted('wishes', '/mistakes', wishes, 'mistakes.longer-waits'),
    ...counted('answered', '/mistakes', answered, 'mistakes.news'),
    ...ending.flatMap(({ digest, grant }) => {
      if (grant === undefined) return [];
      const { grantee, until } = grant.terms;
      const text = say('home.ends', { who: nameOf(grantee), until: moment(until) });
      return [{ key: digest, to: '/rights', text }];
    }),
  ];
  return (
    <List items={rows} keyOf={({ key }) => key} look="own">
      {({ to, text }) => (
        <Link href={to} className={cardLook['card']}>
          <strong>{text}</strong>
        </Link>
      )}
    </List>
  );

  /** One line for all of a kind, if there is any. */
  function counted(
    key: string,
    to: string,
    all: readonly unknown[],
    word: WordKey,
  ): { readonly key: string; readonly to: string; readonly text: string }[] {
    return all.length === 0 ? [] : [{ key, to, text: say(word, { count: all.length }) }];
  }
}
