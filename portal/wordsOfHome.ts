import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Imports of our own files: at once, of which those of types alone are left out, and later. */
const IMPORTS =
  /^(?:import|export)\s(?!type\b)[^'";]*?\bfrom\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;
/** A key that code names, or how keys begin that it composes. */
const KEYS = /['"`]([a-z]+\.[\w-]*)(\$\{|['"`])/g;

/**
 * Finds the words that screens say, with everything that they import and load, so that a page can load them before all
 * others.
 *
 * @param roots - The files of the screens.
 * @param keys - All keys that there are.
 * @returns The keys that the files name; of a key that is composed, all that begin so.
 */
export function wordsOfHome(
  roots: readonly string[],
  keys: readonly string[],
): ReadonlySet<string> {
  const files = new Set(roots);
  const named = new Set<string>();
  for (const file of files) {
    const code = readFileSync(file, 'utf8');
    for (const [, now, later] of code.matchAll(IMPORTS)) {
      const path = join(dirname(file), now ?? later ?? '');
      if (/\.tsx?$/.test(path) && existsSync(path)) files.add(path);
    }
    for (const [, key = '', end] of code.matchAll(KEYS)) {
      const isComposed = end === '${';
      for (const each of keys) {
        if (isComposed ? each.startsWith(key) : each === key) named.add(each);
      }
    }
  }
  return named;
}
