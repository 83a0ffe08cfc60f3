import { join } from 'node:path';
import { setupI18n } from '@lingui/core';
import { compileEasyWords } from '../compileEasyWords.ts';
import { compileWords, type CompiledWords } from '../compileWords.ts';
import type { Language } from '../src/words/Language.ts';
import type { Values } from '../src/words/useWords.tsx';
import type { WordKey } from '../src/words/WordKey.ts';

const FOLDER = join(import.meta.dirname, '../src/words');
const CATALOGUES = compileWords(FOLDER);

/**
 * Returns a function that says messages as the portal says them in a language, for tests that run in every language.
 *
 * @param language - A language of the portal.
 */
export function sayIn(language: Language): (key: WordKey, values?: Values) => string {
  return sayFrom(language, CATALOGUES.get(language) ?? {});
}

/**
 * Returns a function that says messages as the portal says them in a language's easy words.
 *
 * @param language - A language of the portal that has easy words.
 */
export function sayEasily(language: Language): (key: WordKey, values?: Values) => string {
  const easy = compileEasyWords(FOLDER, CATALOGUES).get(language);
  return sayFrom(language, { ...CATALOGUES.get(language), ...easy });
}

function sayFrom(
  language: Language,
  messages: CompiledWords,
): (key: WordKey, values?: Values) => string {
  const i18n = setupI18n({ locale: language, messages: { [language]: messages } });
  return (key, values) => i18n._(key, values);
}
