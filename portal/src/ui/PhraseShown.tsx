import type { ReactNode } from 'react';
import { useWords } from '../words/useWords.tsx';
import { List } from './List.tsx';
import { Notice } from './Notice.tsx';
import classes from './PhraseShown.module.css';

/** The words of a key, to be written on paper. */
export function PhraseShown({ words }: { readonly words: readonly string[] }): ReactNode {
  const { say } = useWords();
  return (
    <>
      <PhraseWords words={words} />
      <Notice kind="warn" title={say('enter.words-warning')} />
    </>
  );
}

/** Words in their order, each with its number. */
export function PhraseWords({ words }: { readonly words: readonly string[] }): ReactNode {
  return (
    // The same word can come twice; its place names it.
    <List
      isOrdered
      translate="no"
      className={classes['words']}
      items={words}
      keyOf={(_, place) => place}
    >
      {(word) => word}
    </List>
  );
}
