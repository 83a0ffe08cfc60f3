import { join } from 'node:path';
import type { Plugin } from 'vite';
import { compileWords } from './compileWords.ts';

const FOLDER = join(import.meta.dirname, 'src/words');
const SCHEME = 'words:';
/** Rooms of words that the first screen needs, besides the words of the menu. */
const FIRST = ['common', 'enter', 'errors'];
/** Rooms of words that only screens of care need. */
const CARE = ['claims', 'exchange', 'forms', 'kept', 'medicines', 'readings', 'rules', 'vital'];

/**
 * Gives the build three modules for each language: `words:en` has the compiled messages of the first screen,
 * `words:en/care` has those of care, and `words:en/rest` has all others.
 */
export function compiledWords(): Plugin {
  return {
    name: 'medseal-words',
    resolveId(source) {
      return source.startsWith(SCHEME) ? `\0${source}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${SCHEME}`)) return undefined;
      const [language = '', part] = id.slice(SCHEME.length + 1).split('/');
      const all = compileWords(FOLDER).get(language);
      if (all === undefined)
        throw new Error(`The portal has no words in the language ${language}.`);
      const wanted = Object.entries(all).filter(([key]) => partOf(key) === part);
      const words = Object.fromEntries(wanted);
      const text = JSON.stringify(JSON.stringify(words));
      return { code: `export const words = JSON.parse(${text});`, moduleType: 'js' };
    },
  };
}

function partOf(key: string): 'care' | 'rest' | undefined {
  const [room = ''] = key.split('.');
  if (key.endsWith('.menu') || FIRST.includes(room)) return undefined;
  return CARE.includes(room) ? 'care' : 'rest';
}
