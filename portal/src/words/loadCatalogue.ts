import type { Messages } from '@lingui/core';
import type { Language } from './Language.ts';

/** Loads the words of the first screen, which were compiled when the page was built. */
export async function loadCatalogue(language: Language): Promise<Messages> {
  const { words } = language === 'de' ? await import('words:de') : await import('words:en');
  return words;
}

/** Loads the words of all other screens. */
export async function loadRest(language: Language): Promise<Messages> {
  const [rest, care] = await Promise.all(
    language === 'de'
      ? [import('words:de/rest'), import('words:de/care')]
      : [import('words:en/rest'), import('words:en/care')],
  );
  return { ...rest.words, ...care.words };
}
