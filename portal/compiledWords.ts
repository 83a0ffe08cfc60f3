import { join } from 'node:path';
import type { Plugin } from 'vite';
import { compileWords } from './compileWords.ts';

const FOLDER = join(import.meta.dirname, 'src/words');
const SCHEME = 'words:';

/** Gives the build a module for each language, such as `words:en`, which has its compiled messages. */
export function compiledWords(): Plugin {
  return {
    name: 'medseal-words',
    resolveId(source) {
      return source.startsWith(SCHEME) ? `\0${source}` : undefined;
    },
    load(id) {
      if (!id.startsWith(`\0${SCHEME}`)) return undefined;
      const language = id.slice(SCHEME.length + 1);
      const words = compileWords(FOLDER).get(language);
      if (words === undefined)
        throw new Error(`The portal has no words in the language ${language}.`);
      const text = JSON.stringify(JSON.stringify(words));
      return { code: `export const words = JSON.parse(${text});`, moduleType: 'js' };
    },
  };
}
