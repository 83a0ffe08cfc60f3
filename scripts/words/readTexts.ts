import { globSync, readFileSync } from 'node:fs';
import { pageTexts } from './pageTexts.ts';
import { textsOf, type ReadText } from './textsOf.ts';

const ROOT = new URL('../..', import.meta.url);
/** Files whose texts are read; generated pages follow from others. */
const READ = [
  '{src,demo,proof,scripts,bench}/**/*.ts',
  'portal/{*.ts,{src,test}/**/*.{ts,tsx}}',
  'portal/src/words/en/*.json',
  'portal/src/words/easy/en/*.json',
  'docs/**/*.md',
  'contracts/**/*.sol',
  '*.md',
];
/** Made from other files, or holding the habits themselves. */
const LEFT_OUT = /^scripts\/words\/|^src\/bindings\/generated/;

/**
 * Reads the texts of files: comments and strings of code, sentences of pages.
 *
 * @param under - Beginnings of paths; none stands for all files.
 * @returns The texts by path.
 */
export async function readTexts(
  under: readonly string[],
): Promise<ReadonlyMap<string, readonly ReadText[]>> {
  const texts = new Map<string, readonly ReadText[]>();
  for (const path of globSync(READ, { cwd: ROOT }).toSorted()) {
    if (LEFT_OUT.test(path) || /node_modules/.test(path)) continue;
    if (under.length > 0 && !under.some((each) => path.startsWith(each))) continue;
    const source = readFileSync(new URL(path, ROOT), 'utf8');
    if (/\.tsx?$/.test(path)) texts.set(path, await textsOf(source));
    else if (path.endsWith('.json')) texts.set(path, messageTexts(source));
    else texts.set(path, path.endsWith('.md') ? pageTexts(source) : solidityTexts(source));
  }
  return texts;
}

/** The sentences among the messages of the portal, line by line; a label is not a sentence. */
function messageTexts(source: string): readonly ReadText[] {
  return source.split('\n').flatMap((raw, place) => {
    const message = /^\s*"[^"]*": (".*[.!…}]"),?$/.exec(raw)?.[1];
    return message === undefined ? [] : [{ line: place + 1, text: JSON.parse(message) as string }];
  });
}

/** The comments of a contract, line by line, without the names of tags. */
function solidityTexts(source: string): readonly ReadText[] {
  return source.split('\n').flatMap((raw, place) => {
    const comment = /^\s*(?:\/\/+|\/?\*+)\s?(?:@\w+\s)?(.*)$/.exec(raw)?.[1];
    return comment === undefined ? [] : [{ line: place + 1, text: comment }];
  });
}
