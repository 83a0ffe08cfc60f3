import type { Messages } from '@lingui/core';
import type { Language } from './Language.ts';

/** Loads the words of a language, which were compiled when the page was built. */
export async function loadCatalogue(language: Language): Promise<Messages> {
  const { words } = language === 'de' ? await import('words:de') : await import('words:en');
  return words;
}
