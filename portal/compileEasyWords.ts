import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EASY_FOLDER, placeholders, readLanguage, type CompiledWords } from './compileWords.ts';

/** Keys of easy words that explain what stays as it is: the languages themselves have none of these. */
const OWN = /^easy\./;

/**
 * Compiles the easy words that stand in the place of some of a language's own.
 *
 * @param folder - The folder of the languages, in which `easy` has a folder for each that has easy words.
 * @param languages - The languages' own words, by `compileWords`.
 * @returns The easy messages by language.
 * @throws Error naming each key that its language does not have, whose placeholders or plurals differ from those there,
 * that says the same, or that explains something in one easy language alone.
 */
export function compileEasyWords(
  folder: string,
  languages: ReadonlyMap<string, CompiledWords>,
): ReadonlyMap<string, CompiledWords> {
  const faults: string[] = [];
  const easy = new Map(
    readdirSync(join(folder, EASY_FOLDER))
      .toSorted()
      .map((name) => [name, readLanguage(join(folder, EASY_FOLDER), name, faults)] as const),
  );
  const explained = new Set([...easy.values()].flatMap((words) => Object.keys(words)));
  for (const [language, words] of easy) {
    const usual = languages.get(language) ?? {};
    for (const [key, message] of Object.entries(words)) {
      if (OWN.test(key)) continue;
      const before = usual[key];
      if (before === undefined) faults.push(`${language} lacks ${key}, which its easy words have`);
      else if (placeholders(before) !== placeholders(message)) {
        const [theirs, ours] = [placeholders(message), placeholders(before)];
        faults.push(`${key} has the placeholders (${theirs}) in easy ${language}, not (${ours})`);
      } else if (JSON.stringify(before) === JSON.stringify(message))
        faults.push(`${key} says the same in easy ${language}: leave it out`);
    }
    for (const key of explained) {
      if (OWN.test(key) && words[key] === undefined) faults.push(`easy ${language} lacks ${key}`);
    }
  }
  if (faults.length > 0) throw new Error(`The easy words have faults:\n  ${faults.join('\n  ')}`);
  return easy;
}
