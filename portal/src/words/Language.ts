/**
 * All that a person chooses among, by BCP 47 tags: languages that the portal speaks in full, under the name that their speakers
 * give them, and beside a language its easy words for patients, in `words/easy`, if it has some. `simple` is the registered
 * variant for those.
 */
const NAMES = {
  en: 'English',
  'en-simple': 'Easy English',
  de: 'Deutsch',
  'de-simple': 'Leichte Sprache',
  fr: 'Français',
  es: 'Español',
  ar: 'العربية',
} as const;

/** A language with its usual words, or with easy ones. */
export type LanguageTag = keyof typeof NAMES;

/** A language of the portal. */
export type Language = Exclude<LanguageTag, `${string}-simple`>;

/** All that a person chooses among, in this order. */
export const LANGUAGE_OPTIONS = Object.entries(NAMES).map(([tag, name]) => ({
  tag: tag as LanguageTag,
  name,
}));

/** The languages of the portal with their own names. */
export const LANGUAGES = LANGUAGE_OPTIONS.flatMap(({ tag, name }) =>
  isEasy(tag) ? [] : [{ code: languageOf(tag), name }],
);

/** Returns the language of a choice. */
export function languageOf(tag: LanguageTag): Language {
  return tag.slice(0, 2) as Language;
}

/** Tells whether a choice has easy words in the place of some of its language's. */
export function isEasy(tag: LanguageTag): boolean {
  return tag.length > 2;
}
