import type { ReactNode } from 'react';
import { LANGUAGES } from '../words/Language.ts';
import { useWords } from '../words/useWords.tsx';

/** Chooses the language of the page. */
export function LanguageChoice(): ReactNode {
  const { language, choose, say } = useWords();
  return (
    <select
      className="language"
      aria-label={say('common.language')}
      value={language}
      onChange={(event) => {
        const chosen = LANGUAGES.find((each) => each === event.target.value);
        if (chosen !== undefined) choose(chosen);
      }}
    >
      <option value="en" lang="en">
        English
      </option>
      <option value="de" lang="de">
        Deutsch
      </option>
    </select>
  );
}
