import type { ReactNode } from 'react';
import { useWords } from '../../words/useWords.tsx';
import type { RecordNamed } from './chooseTermsWords.ts';
import { coveredInWords, type TermsSaid } from './coveredInWords.ts';

/** Properties of `StopMeans`. */
export interface StopMeansProps {
  readonly who: string;
  /** The right that ends; absent if no device of the patient knows it. */
  readonly terms: TermsSaid | undefined;
  /** Its one record, as far as the device knows it. */
  readonly known?: RecordNamed | undefined;
}

/** Which records the end of a right closes, and what it cannot undo. */
export function StopMeans({ who, terms, known }: StopMeansProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const what = terms && coveredInWords(words, terms, known, true);
  return (
    <>
      <p>
        {what === undefined
          ? say('share.stop-unknown')
          : say(terms?.read === true ? 'share.stop-closes' : 'share.stop-adding', { who, what })}
      </p>
      {terms?.read !== false && <p>{say('share.stop-not')}</p>}
    </>
  );
}
