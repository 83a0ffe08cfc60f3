import words from '../../words/en/fhir.json' with { type: 'json' };
import type { Said } from '../Said.ts';
import { sayFhir, type FhirWords } from '../sayFhir.ts';

/** The English words, with bare numbers where the page counts by the language's rules. */
export const englishWords: FhirWords = {
  locale: 'en',
  say: (key, values = {}) => {
    const text = (words as Readonly<Record<string, string>>)[key.slice('fhir.'.length)];
    if (text === undefined) throw new Error(`there are no words for ${key}`);
    return text.replaceAll(
      /\{(\w+)(?:\}|, plural, .*?other \{([^}]*)\}\})/g,
      (_, name: string, many?: string) => {
        const value = String(values[name]);
        return many === undefined ? value : many.replace('#', value);
      },
    );
  },
};

/** Says a resource in English. */
export function inEnglish(said: Said): string {
  return sayFhir(said, englishWords);
}
