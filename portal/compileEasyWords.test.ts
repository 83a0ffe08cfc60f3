import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { compileEasyWords } from './compileEasyWords.ts';
import { compileWords, EASY_FOLDER, type CompiledWords } from './compileWords.ts';
import { isEasy, LANGUAGE_OPTIONS, languageOf } from './src/words/Language.ts';

type Messages = Readonly<Record<string, string>>;

const WORDS = join(import.meta.dirname, 'src/words');
const EASY = compileEasyWords(WORDS, compileWords(WORDS));
/** Words of one sentence at most, a value that is filled in for one. */
const LONGEST_SENTENCE = 14;
/** Forms that Easy Read and Leichte Sprache do without: a passive, an abbreviation, signs that join sentences. */
const HARD: Readonly<Record<string, RegExp>> = {
  en: /\b(?:is|are|was|were|be|been) [a-z]{3,}ed\b|\b[A-Z]{2,}\b|[;%]|\be\.g\.|\betc\b/,
  de: /\b(?:[Ww]ird|[Ww]erden|[Ww]urden?|worden)\b|\b[A-ZÄÖÜ]{2,}\b|[;%]|\bz\. ?B\.|\busw\b/,
};
/** Keys of words that are signed: a language has them in one kind alone. */
const SIGNED =
  /^share\.(?:terms|own-terms|record-known|record-unopened|device|everything|you-sign)$|^common\.(?:category|action|purpose)-|^medicines\..*-words$|^requests\.wants$/;

/** All texts that a message can be, with a word in place of each value. */
function textsOf(message: unknown): readonly string[] {
  if (typeof message === 'string') return [message];
  if (!Array.isArray(message)) return [];
  return message.reduce<readonly string[]>(
    (texts, part: unknown) => texts.flatMap((text) => textsOfPart(part).map((each) => text + each)),
    [''],
  );
}

/** Texts of one part of a message: those of each choice, or a word for a value. */
function textsOfPart(part: unknown): readonly string[] {
  if (!Array.isArray(part)) return [String(part)];
  const choices = Object.values((part[2] ?? {}) as object);
  return choices.length === 0 ? ['X'] : choices.flatMap(textsOf);
}

function sentencesOf(words: CompiledWords): readonly (readonly [key: string, sentence: string])[] {
  return Object.entries(words).flatMap(([key, message]) =>
    textsOf(message).flatMap((text) =>
      text.split(/[.?!:…](?:\s|$)/).map((sentence) => [key, sentence] as const),
    ),
  );
}

/** A folder with a language in usual and in easy words, and another one that has easy words too. */
async function folderOf(t: TestContext, usual: Messages, en: Messages, de = en): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-easy-'));
  t.after(async () => await rm(folder, { recursive: true }));
  for (const [path, words] of [
    ['en', usual],
    ['de', usual],
    [`${EASY_FOLDER}/en`, en],
    [`${EASY_FOLDER}/de`, de],
  ] as const) {
    await mkdir(join(folder, path), { recursive: true });
    const rooms = Map.groupBy(Object.entries(words), ([key]) => key.split('.')[0]);
    for (const [room, messages] of rooms) {
      const named = messages.map(([key, text]) => [key.split('.')[1], text] as const);
      await writeFile(
        join(folder, path, `${room}.json`),
        JSON.stringify(Object.fromEntries(named)),
      );
    }
  }
  return folder;
}

describe('the easy words of the portal', () => {
  it('are there for exactly the languages that offer them', () => {
    const offered = LANGUAGE_OPTIONS.filter(({ tag }) => isEasy(tag)).map(({ tag }) =>
      languageOf(tag),
    );
    assert.deepEqual([...EASY.keys()], offered.toSorted());
  });

  for (const [language, words] of EASY) {
    it(`are short sentences without passive and abbreviations in ${language}`, () => {
      const hard = HARD[language] ?? assert.fail(`say what is hard in ${language}`);
      const faults = sentencesOf(words).filter(
        ([, sentence]) =>
          sentence.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word)).length >
            LONGEST_SENTENCE || hard.test(sentence),
      );
      assert.deepEqual(faults, []);
    });

    // @class easy words in place of those that are signed | somebody signs something else than what others read
    it(`leave in ${language} what is signed as it is`, () => {
      assert.deepEqual(
        Object.keys(words).filter((key) => SIGNED.test(key)),
        [],
      );
    });
  }

  for (const [what, usual, en, de, message] of [
    [
      'a key that the language does not have',
      { 'records.a': 'A' },
      { 'records.b': 'B' },
      undefined,
      /lacks records\.b/,
    ],
    [
      'a placeholder too few',
      { 'records.a': '{who} {what}' },
      { 'records.a': '{who}' },
      undefined,
      /records\.a/,
    ],
    [
      'a plain placeholder in place of a plural',
      { 'records.a': '{n, plural, one {#} other {#}}' },
      { 'records.a': '{n}' },
      undefined,
      /records\.a has the placeholders \(n\) in easy/,
    ],
    [
      'a plural that lacks a form',
      { 'records.a': '{n, plural, one {#} other {#}}' },
      { 'records.a': '{n, plural, other {#}}' },
      undefined,
      /records\.a lacks the plural form “one”/,
    ],
    [
      'an explanation that another language lacks',
      {},
      { 'easy.a': 'A' },
      { 'easy.b': 'B' },
      /easy de lacks easy\.a[^]*easy en lacks easy\.b/,
    ],
    [
      'a text that is the same',
      { 'records.a': 'A' },
      { 'records.a': 'A' },
      undefined,
      /records\.a says the same/,
    ],
  ] as const) {
    it(`fail the build, by the key’s name, with ${what}`, async (t) => {
      const folder = await folderOf(t, usual, en, de);
      assert.throws(() => compileEasyWords(folder, compileWords(folder)), message);
    });
  }
});
