import { join } from 'node:path';
import type { Plugin } from 'vite';
import { compileEasyWords } from './compileEasyWords.ts';
import { codeOfHome } from './codeGroups.ts';
import { compileWords, type CompiledWords } from './compileWords.ts';
import { isEasy, LANGUAGE_OPTIONS, languageOf, LANGUAGES } from './src/words/Language.ts';
import { wordsOfHome } from './wordsOfHome.ts';

const FOLDER = join(import.meta.dirname, 'src/words');
const SCHEME = 'words:';
const CATALOGUES = `${SCHEME}catalogues`;
/** Rooms of words that the first screen needs, besides the words of the menu. */
const FIRST = ['common', 'enter', 'errors'];
/** Rooms of words that no first screen waits for, though its code can say them: the codes that hardly anybody meets. */
const LATE = ['codes'];
/** Rooms of words that only screens of care need. */
export const CARE = [
  'claims',
  'desk',
  'exchange',
  'forms',
  'kept',
  'medicines',
  'orders',
  'readings',
  'rules',
  'vital',
];

/**
 * Gives the build four modules for each language: `words:en` has the compiled messages of the first screen, `words:en/home`
 * those of a patient's home, `words:en/care` those of care, and `words:en/rest` all others. A language with easy words has them in `words:en/easy`. `words:catalogues` loads each
 * when it is needed.
 */
export function compiledWords(): Plugin {
  let languages: ReadonlyMap<string, CompiledWords> | undefined;
  let easy: ReadonlyMap<string, CompiledWords> | undefined;
  let home: ReadonlySet<string> | undefined;
  return {
    name: 'medseal-words',
    buildStart() {
      languages = undefined;
      easy = undefined;
      home = undefined;
    },
    resolveId(source) {
      return source.startsWith(SCHEME) ? `\0${source}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${SCHEME}`)) return undefined;
      if (id === `\0${CATALOGUES}`) return { code: loaders(), moduleType: 'js' };
      const [language = '', file] = id.slice(SCHEME.length + 1).split('/');
      const part = file?.replace(/_.*/, '');
      languages ??= compileWords(FOLDER);
      easy ??= compileEasyWords(FOLDER, languages);
      const all = (part === 'easy' ? easy : languages).get(language);
      if (all === undefined)
        throw new Error(`The portal has no words in the language ${language}.`);
      const ofHome = (home ??= wordsOfHome(codeOfHome(), Object.keys(languages.get('en') ?? {})));
      const wanted = Object.entries(all).filter(
        ([key]) => part === 'easy' || partOf(key, ofHome) === part,
      );
      const words = Object.fromEntries(wanted);
      const text = JSON.stringify(JSON.stringify(words));
      return { code: `export const words = JSON.parse(${text});`, moduleType: 'js' };
    },
  };
}

/** The code that imports each part of each language by itself, so that a page loads only those of its own. */
function loaders(): string {
  const languages = LANGUAGES.map(({ code }) => {
    const hasEasy = LANGUAGE_OPTIONS.some(({ tag }) => isEasy(tag) && languageOf(tag) === code);
    const files = {
      first: '',
      // Its file says the language, as that of the first screen does: the size of a home has the words of one.
      home: `/home_${code}`,
      rest: '/rest',
      care: '/care',
      ...(hasEasy && { easy: '/easy' }),
    };
    const parts = Object.entries(files).map(
      ([part, file]) => `${part}: () => import('${SCHEME}${code}${file}')`,
    );
    return `${code}: { ${parts.join(', ')} },`;
  });
  return `const languages = {\n${languages.join('\n')}\n};\nexport const catalogueOf = (language) => languages[language];`;
}

function partOf(key: string, ofHome: ReadonlySet<string>): 'home' | 'care' | 'rest' | undefined {
  const [room = ''] = key.split('.');
  if (key.endsWith('.menu') || FIRST.includes(room)) return undefined;
  if (ofHome.has(key) && !LATE.includes(room)) return 'home';
  return CARE.includes(room) ? 'care' : 'rest';
}
