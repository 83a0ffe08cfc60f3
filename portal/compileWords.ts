import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessageOrThrow, type CompiledMessage } from '@lingui/message-utils/compileMessage';

/** The messages of a language by key: `title` of `records.json` is `records.title`. */
export type CompiledWords = Readonly<Record<string, CompiledMessage>>;

/** The language that all others are compared with. */
const FIRST = 'en';

/**
 * Compiles the ICU messages of all languages, so that the page needs no parser.
 *
 * @param folder - The folder that has a folder for each language, with a JSON file for each room of screens.
 * @returns The messages by language.
 * @throws Error naming each key that one language lacks or has alone, whose message is empty or malformed, or whose
 * placeholders differ.
 */
export function compileWords(folder: string): ReadonlyMap<string, CompiledWords> {
  const faults: string[] = [];
  const languages = new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isDirectory())
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

function readLanguage(folder: string, language: string, faults: string[]): CompiledWords {
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
        words[key] = compileMessageOrThrow(message);
      } catch (error) {
        faults.push(`${key} is not an ICU message in ${language}: ${String(error)}`);
      }
    }
  }
  return words;
}

/** Names and kinds of a message's placeholders, in the order of the alphabet. */
function placeholders(message: CompiledMessage): string {
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
