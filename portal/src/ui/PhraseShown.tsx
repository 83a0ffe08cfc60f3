import type { ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { Notice } from './Notice.tsx';
import classes from './PhraseShown.module.css';

/** The words of a key, to be written on paper. */
export function PhraseShown({ words }: { readonly words: readonly string[] }): ReactNode {
  const { say } = useWords();
  return (
    <>
      <ol className={classes['words']} translate="no">
        {words.map((word, place) => (
          // The same word can come twice; its place names it.
          <li key={place}>{word}</li>
        ))}
      </ol>
      <Notice kind="warn" title={say('enter.words-warning')} />
    </>
  );
}
