import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessageOrThrow, type CompiledMessage } from '@lingui/message-utils/compileMessage';
import { isolatePlaceholders } from './isolatePlaceholders.ts';
import { pluralFaults } from './pluralFaults.ts';
import { isRightToLeft } from './src/words/readingOrder.ts';

/** The messages of a language by key: `title` of `records.json` is `records.title`. */
export type CompiledWords = Readonly<Record<string, CompiledMessage>>;

/** The folder beside those of the languages that has easy words for some of them. */
export const EASY_FOLDER = 'easy';
/** The language that all others are compared with. */
const FIRST = 'en';

/**
 * Compiles the ICU messages of all languages, so that the page needs no parser.
 *
 * @param folder - The folder that has a folder for each language, with a JSON file for each room of screens.
 * @returns The messages by language.
 * @throws Error naming each key that one language lacks or has alone, whose message is empty or malformed, whose
 * placeholders differ, or whose plurals lack a form that the language needs.
 */
export function compileWords(folder: string): ReadonlyMap<string, CompiledWords> {
  const faults: string[] = [];
  const languages = new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isDirectory() && each.name !== EASY_FOLDER)
      .map(({ name }) => [name, readLanguage(folder, name, faults)] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
  const first = languages.get(FIRST) ?? {};
  for (const [language, words] of languages) {
    for (const [key, message] of Object.entries(first)) {
      const other = words[key];
      if (other === undefined) faults.push(`${language} lacks ${key}`);
      else if (placeholders(other) !== placeholders(message)) {
        const [theirs, ours] = [placeholders(other), placeholders(message)];
        faults.push(
          `${key} has the placeholders (${theirs}) in ${language}, and (${ours}) in ${FIRST}`,
        );
      }
    }
    for (const key of Object.keys(words)) {
      if (first[key] === undefined) faults.push(`${FIRST} lacks ${key}, which ${language} has`);
    }
  }
  if (faults.length > 0)
    throw new Error(`The words of the portal have faults:\n  ${faults.join('\n  ')}`);
  return languages;
}

/**
 * Reads and compiles the words of one language.
 *
 * @param folder - The folder that has the language's own.
 * @param language - BCP 47 tag, the name of that.
 * @param faults - Takes a sentence for each message that is empty, malformed or lacks a plural form.
 */
export function readLanguage(folder: string, language: string, faults: string[]): CompiledWords {
  const words: Record<string, CompiledMessage> = {};
  const files = readdirSync(join(folder, language)).filter((name) => name.endsWith('.json'));
  for (const file of files.toSorted()) {
    const text = readFileSync(join(folder, language, file), 'utf8');
    const messages = JSON.parse(text) as Readonly<Record<string, unknown>>;
    for (const [name, message] of Object.entries(messages)) {
      const key = `${file.slice(0, -'.json'.length)}.${name}`;
      if (typeof message !== 'string' || message === '') {
        faults.push(`${key} is not a text in ${language}`);
        continue;
      }
      try {
        const compiled = compileMessageOrThrow(message);
        words[key] = isRightToLeft(language) ? isolatePlaceholders(compiled) : compiled;
        const missing = pluralFaults(language, compiled);
        faults.push(...missing.map((fault) => `${key} ${fault} in ${language}`));
      } catch (error) {
        faults.push(`${key} is not an ICU message in ${language}: ${String(error)}`);
      }
    }
  }
  return words;
}

/** Returns names and kinds of a message's placeholders, in the order of the alphabet. */
export function placeholders(message: CompiledMessage): string {
  const found = new Set<string>();
  collect(message, found);
  return [...found].toSorted().join(', ');
}

function collect(message: unknown, found: Set<string>): void {
  if (!Array.isArray(message)) return;
  for (const part of message as readonly unknown[]) {
    if (!Array.isArray(part)) continue;
    const [name, kind, choices] = part as readonly unknown[];
    found.add([name, kind].filter((each) => typeof each === 'string').join(': '));
    if (typeof choices !== 'object' || choices === null) continue;
    for (const choice of Object.values(choices)) collect(choice, found);
  }
}
