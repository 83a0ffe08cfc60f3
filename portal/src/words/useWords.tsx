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
import { keepLanguage, keptLanguage } from './keptLanguage.ts';
import { LANGUAGE_OPTIONS, languageOf, type Language, type LanguageTag } from './Language.ts';
import { loadCatalogue, loadHomeWords, loadOperatorWords, loadRest } from './loadCatalogue.ts';
import { isRightToLeft } from './readingOrder.ts';
import { dayStyle, sayMoment } from './sayMoment.ts';
import type { WordKey } from './WordKey.ts';

/** Values that a message takes. */
export type Values = Readonly<Record<string, string | number | Date>>;

/** The words of the person's language. */
export interface Words {
  readonly language: Language;
  /** The person’s choice: the language, with its usual or its easy words. */
  readonly tag: LanguageTag;
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
  readonly choose: (tag: LanguageTag) => void;
  /** Loads the words of a patient's home, and of what stands beside every screen. */
  readonly loadHome: () => Promise<void>;
  /** Loads the words of an operator’s page. */
  readonly loadOperator: () => Promise<void>;
  /** Loads the words of all screens but the first. */
  readonly loadAll: () => Promise<void>;
}

const WordsContext = createContext<Words | undefined>(undefined);

/** Gives the words of a language to all that is inside; shows nothing before they are loaded. */
export function WordsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [tag, setTag] = useState(preferred);
  const [loaded, setLoaded] = useState<I18n>();
  const began = useRef(false);
  useEffect(() => {
    let gone = false;
    // Screens that are open need all words of a language that somebody changes to.
    const loading = began.current ? loadWhole(tag) : loadCatalogue(tag);
    began.current = true;
    void loading.then((messages) => {
      if (gone) return;
      document.documentElement.lang = tag;
      document.documentElement.dir = isRightToLeft(tag) ? 'rtl' : 'ltr';
      // Numbers within messages have the person's form too.
      const locales = localeOf(languageOf(tag));
      setLoaded(setupI18n({ locale: tag, locales, messages: { [tag]: messages } }));
    });
    return () => {
      gone = true;
    };
  }, [tag]);
  const words = useMemo(() => {
    const choose = (next: LanguageTag): void => {
      keepLanguage(next);
      setTag(next);
    };
    return loaded && wordsOf(loaded, choose);
  }, [loaded]);
  if (words === undefined) return null;
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** Returns the words of the person's language. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('useWords needs a WordsProvider around it');
  return words;
}

function wordsOf(i18n: I18n, choose: Words['choose']): Words {
  const tag = i18n.locale as LanguageTag;
  const language = languageOf(tag);
  const locale = localeOf(language);
  const dateStyle = dayStyle(locale);
  // Each takes milliseconds to make, and the first screen needs none.
  let day: Intl.DateTimeFormat | undefined;
  let moment: Intl.DateTimeFormat | undefined;
  let number: Intl.NumberFormat | undefined;
  let home: Promise<void> | undefined;
  let rest: Promise<void> | undefined;
  return {
    language,
    tag,
    locale,
    say: (key, values) => i18n._(key, values),
    sayIfKnown: (key) => (Object.hasOwn(i18n.messages, key) ? i18n._(key) : undefined),
    day: (at) => sayMoment((day ??= new Intl.DateTimeFormat(locale, { dateStyle })), at),
    moment: (at) =>
      sayMoment(
        (moment ??= new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short' })),
        at,
      ),
    number: (value) => (number ??= new Intl.NumberFormat(locale)).format(value),
    choose,
    loadHome: async () =>
      await (home ??= loadHomeWords(tag).then((words) => i18n.load(tag, words))),
    loadOperator: async () => i18n.load(tag, await loadOperatorWords(tag)),
    loadAll: async () => await (rest ??= loadRest(tag).then((words) => i18n.load(tag, words))),
  };
}

/**
 * The language as it is spoken where the person lives, with the calendar and the digits of a chart: a dose and a day are
 * written in the same way on every device.
 */
function localeOf(language: Language): string {
  const spoken = navigator.languages.find((each) => each.slice(0, 2) === language) ?? language;
  return new Intl.Locale(spoken, { calendar: 'gregory', numberingSystem: 'latn' }).toString();
}

async function loadWhole(tag: LanguageTag): Promise<Messages> {
  return { ...(await loadCatalogue(tag)), ...(await loadRest(tag)) };
}

/** The choice that this browser keeps, else the first of its languages that the portal speaks. */
function preferred(): LanguageTag {
  const wanted = [keptLanguage(), ...navigator.languages.map((each) => each.slice(0, 2))];
  const ours = wanted.flatMap((each) => LANGUAGE_OPTIONS.filter(({ tag }) => tag === each));
  return ours[0]?.tag ?? 'en';
}
