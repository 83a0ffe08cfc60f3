import { setupI18n, type I18n, type Messages } from '@lingui/core';
import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { LANGUAGES, type Language } from './Language.ts';
import { loadCatalogue, loadRest } from './loadCatalogue.ts';
import { sayMoment } from './sayMoment.ts';
import type { WordKey } from './WordKey.ts';

/** Values that a message takes. */
export type Values = Readonly<Record<string, string | number | Date>>;

/** The words of the person's language. */
export interface Words {
  readonly language: Language;
  /** BCP 47 tag for the forms of dates and numbers: the language, as it is spoken where the person lives. */
  readonly locale: string;
  /** Returns a message with its values filled in. */
  readonly say: (key: WordKey, values?: Values) => string;
  /** Returns a message if there is one of this name, for names that come from data. */
  readonly sayIfKnown: (key: string) => string | undefined;
  /** A day in the person's form, of Unix seconds. */
  readonly day: (at: number) => string;
  /** A day and its time, of Unix seconds. */
  readonly moment: (at: number) => string;
  readonly number: (value: number) => string;
  readonly choose: (language: Language) => void;
  /** Loads the words of all screens but the first. */
  readonly loadAll: () => Promise<void>;
}

const WordsContext = createContext<Words | undefined>(undefined);

/** Gives the words of a language to all that is inside; shows nothing before they are loaded. */
export function WordsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, choose] = useState<Language>(preferred);
  const [loaded, setLoaded] = useState<I18n>();
  const began = useRef(false);
  useEffect(() => {
    let gone = false;
    // Screens that are open need all words of a language that somebody changes to.
    const loading = began.current ? loadWhole(language) : loadCatalogue(language);
    began.current = true;
    void loading.then((messages) => {
      if (gone) return;
      document.documentElement.lang = language;
      setLoaded(setupI18n({ locale: language, messages: { [language]: messages } }));
    });
    return () => {
      gone = true;
    };
  }, [language]);
  const words = useMemo(() => loaded && wordsOf(loaded, choose), [loaded]);
  if (words === undefined) return null;
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** Returns the words of the person's language. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('useWords needs a WordsProvider around it');
  return words;
}

function wordsOf(i18n: I18n, choose: (language: Language) => void): Words {
  const language = i18n.locale as Language;
  const locale = navigator.languages.find((each) => each.slice(0, 2) === language) ?? language;
  // Each takes milliseconds to make, and the first screen needs none.
  let day: Intl.DateTimeFormat | undefined;
  let moment: Intl.DateTimeFormat | undefined;
  let number: Intl.NumberFormat | undefined;
  let rest: Promise<void> | undefined;
  return {
    language,
    locale,
    say: (key, values) => i18n._(key, values),
    sayIfKnown: (key) => (Object.hasOwn(i18n.messages, key) ? i18n._(key) : undefined),
    day: (at) => sayMoment((day ??= new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })), at),
    moment: (at) =>
      sayMoment(
        (moment ??= new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })),
        at,
      ),
    number: (value) => (number ??= new Intl.NumberFormat(locale)).format(value),
    choose,
    loadAll: async () =>
      await (rest ??= loadRest(language).then((words) => i18n.load(language, words))),
  };
}

async function loadWhole(language: Language): Promise<Messages> {
  return { ...(await loadCatalogue(language)), ...(await loadRest(language)) };
}

function preferred(): Language {
  const wanted = navigator.languages.map((each) => each.slice(0, 2));
  return LANGUAGES.find((each) => each === wanted.find((one) => isOurs(one))) ?? 'en';
}

function isOurs(language: string): boolean {
  return LANGUAGES.some((each) => each === language);
}
