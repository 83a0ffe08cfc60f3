import type { ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import classes from './Desk.module.css';
import type { DeskItem, DeskLines } from './DeskKind.ts';
import { StateText } from '../ui/StateText.tsx';
import cardLook from '../ui/Card.module.css';

/** Properties of `DeskRow`. */
export interface DeskRowProps {
  readonly item: DeskItem;
  readonly words: DeskLines;
  /** True if its term ends soon. */
  readonly isSoon: boolean;
  /** True beside an item that is shown: its sentences stand there. */
  readonly isShort: boolean;
  /** True while it is shown beside the queue. */
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

/** An item in the queue of a desk: what it is, since when it waits and until when it is due. */
export function DeskRow({ item, words, isSoon, isShort, isOpen, onOpen }: DeskRowProps): ReactNode {
  const { say, moment } = useWords();
  const { isWaiting, since, due } = item;
  const times = [
    ...(since === undefined ? [] : [say('desk.since', { since: moment(since) })]),
    ...(due === undefined || !isWaiting ? [] : [say('desk.due', { until: moment(due) })]),
  ];
  return (
    <button
      type="button"
      className={`${cardLook['card']} ${classes['waiting']}`}
      data-waits={isWaiting}
      aria-current={isOpen}
      onClick={onOpen}
    >
      <strong>{words.title}</strong>
      {!isShort && words.lines.map((line) => <span key={line}>{line}</span>)}
      {times.length > 0 &&
        (isSoon ? (
          <StateText state="expired">{times.join(' · ')}</StateText>
        ) : (
          <span className="when">{times.join(' · ')}</span>
        ))}
    </button>
  );
}
