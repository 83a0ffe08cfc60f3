import { useState, type ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { Choices } from './Choices.tsx';

/** A box that a person ticks before something that nobody can undo. */
export interface Sure {
  readonly box: ReactNode;
  readonly isTicked: boolean;
  /** Tells whether it is ticked; if not, the box asks for it. */
  require(): boolean;
  /** Makes it as it was at first. */
  clear(): void;
}

/**
 * Asks a person to say that something is meant.
 *
 * @param legend - The question.
 * @param label - Meaning of the tick, in words of the person.
 */
export function useSure(legend: string, label: string): Sure {
  const { say } = useWords();
  const [ticked, setTicked] = useState<readonly 'yes'[]>([]);
  const [tried, setTried] = useState(false);
  const isTicked = ticked.length > 0;
  return {
    isTicked,
    box: (
      <>
        <Choices
          legend={legend}
          choices={[{ value: 'yes', label }]}
          chosen={ticked}
          onChange={setTicked}
        />
        {tried && !isTicked && (
          <p className="error" role="alert">
            {say('enter.fill-in')}
          </p>
        )}
      </>
    ),
    require: () => {
      setTried(true);
      return isTicked;
    },
    clear: () => {
      setTicked([]);
      setTried(false);
    },
  };
}
