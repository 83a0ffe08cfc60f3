import type { ReactNode } from 'react';
import { LANGUAGE_OPTIONS } from '../words/Language.ts';
import { useWords } from '../words/useWords.tsx';
import classes from './LanguageChoice.module.css';

/** Chooses the language of the page, with its usual words or with easy ones. */
export function LanguageChoice(): ReactNode {
  const { tag: chosen, choose, say } = useWords();
  return (
    <select
      className={classes['language']}
      aria-label={say('common.language')}
      value={chosen}
      onChange={(event) => {
        const next = LANGUAGE_OPTIONS.find(({ tag }) => tag === event.target.value);
        if (next !== undefined) choose(next.tag);
      }}
    >
      {LANGUAGE_OPTIONS.map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
