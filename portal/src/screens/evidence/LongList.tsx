import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import timelineLook from './Timeline.module.css';

/** Lines that are drawn at first, and at each press of the button: some tenths of a second of a phone. */
const [FIRST, NEXT] = [100, 400];

/** Properties of `LongList`. */
export interface LongListProps<Item> {
  readonly items: readonly Item[];
  readonly className?: string | undefined;
  /** Draws a line. */
  readonly children: (item: Item) => ReactNode;
}

/** A list that may have thousands of lines: the first are drawn, and some more at each press of the button. */
export function LongList<Item>({
  items,
  className = timelineLook['timeline'],
  children,
}: LongListProps<Item>): ReactNode {
  const { say } = useWords();
  const [count, setCount] = useState(FIRST);
  const left = items.length - count;
  return (
    <>
      <ol className={className}>{items.slice(0, count).map(children)}</ol>
      {left > 0 && (
        <Button onClick={() => setCount(count + NEXT)}>
          {say('evidence.more', { next: Math.min(NEXT, left), count: left })}
        </Button>
      )}
    </>
  );
}
