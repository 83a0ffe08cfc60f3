import { useState, type ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { Button } from './Button.tsx';

/** Items that are drawn before somebody asks for more, and how many more then. */
const [FIRST, MORE] = [50, 200];

/** Properties of `FirstOf`. */
export interface FirstOfProps<Item> {
  /** Any number of them: somebody may add as many as they like. */
  readonly items: readonly Item[];
  /** True while the page is printed: nothing is left out. */
  readonly all?: boolean;
  /** Draws those that are shown. */
  readonly children: (shown: readonly Item[]) => ReactNode;
}

/** The first of many items, and more of them whenever somebody asks. */
export function FirstOf<Item>({ items, all = false, children }: FirstOfProps<Item>): ReactNode {
  const { say } = useWords();
  const [most, setMost] = useState(FIRST);
  const shown = all ? items : items.slice(0, most);
  return (
    <>
      {children(shown)}
      {shown.length < items.length && (
        <Button onClick={() => setMost(most + MORE)}>
          {say('chart.show-more', { count: items.length - shown.length })}
        </Button>
      )}
    </>
  );
}
