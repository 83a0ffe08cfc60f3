import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setupI18n } from '@lingui/core';
import { compileEasyWords } from './compileEasyWords.ts';
import { compileWords, type CompiledWords } from './compileWords.ts';
import { isEasy, LANGUAGE_OPTIONS, languageOf, LANGUAGES } from './src/words/Language.ts';

type Words = Readonly<Record<string, unknown>>;

const WORDS = join(import.meta.dirname, 'src/words');
/** Letters of a button's label that a phone of 390 pixels shows in one line. */
const LONGEST_LABEL = 44;

/** Keys of the messages that stand on buttons. */
function labelKeys(): ReadonlySet<string> {
  const sources = globSync('src/**/*.tsx', { cwd: import.meta.dirname }).map((path) =>
    readFileSync(join(import.meta.dirname, path), 'utf8'),
  );
  const buttons = sources.flatMap((text) => text.match(/<([Bb]utton)\b[^]*?<\/\1>/g) ?? []);
  return new Set(buttons.flatMap((text) => text.match(/(?<=')[a-z]+\.[\w-]+(?=')/g) ?? []));
}

/** Letters of a compiled message, without what its placeholders bring, with the longest of its choices. */
function lengthOf(message: unknown): number {
  if (typeof message === 'string') return message.length;
  if (!Array.isArray(message)) return 0;
  return message.reduce((length: number, part: unknown) => {
    if (!Array.isArray(part)) return length + lengthOf(part);
    return length + Math.max(0, ...Object.values((part[2] ?? {}) as object).map(lengthOf));
  }, 0);
}

function longLabels(words: CompiledWords): readonly string[] {
  const labels = [...labelKeys()].filter((key) => words[key] !== undefined);
  assert.ok(labels.length > 90, 'the labels of buttons were found');
  return labels.filter((key) => lengthOf(words[key]) > LONGEST_LABEL);
}

/** A folder with the words of two languages, in one file each. */
async function folderOf(t: TestContext, en: Words, de: Words): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-words-'));
  t.after(async () => await rm(folder, { recursive: true }));
  for (const [language, words] of Object.entries({ en, de })) {
    await mkdir(join(folder, language));
    await writeFile(join(folder, language, 'records.json'), JSON.stringify(words));
  }
  return folder;
}

describe('the words of the portal', () => {
  it('are in every language that there is', () => {
    const languages = [...compileWords(WORDS).keys()];
    assert.deepEqual(languages, LANGUAGES.map(({ code }) => code).toSorted());
  });

  for (const { tag, name } of LANGUAGE_OPTIONS) {
    it(`fit on the buttons of a phone in ${name}`, () => {
      const words = compileWords(WORDS);
      const language = languageOf(tag);
      const easy = isEasy(tag) ? compileEasyWords(WORDS, words).get(language) : undefined;
      assert.deepEqual(longLabels({ ...words.get(language), ...easy }), []);
    });
  }

  it('are compiled by the names of file and message, with plurals by each language’s rules', async (t) => {
    const en = { some: '{count, plural, one {# record of {who}} other {# records of {who}}}' };
    const de = { some: '{count, plural, one {# Eintrag von {who}} other {# Einträge von {who}}}' };
    const languages = compileWords(await folderOf(t, en, de));
    const told = (locale: string, count: number): string => {
      const messages = { [locale]: { ...languages.get(locale) } };
      return setupI18n({ locale, messages })._('records.some', { count, who: 'Anna' });
    };
    assert.equal(told('en', 1), '1 record of Anna');
    assert.equal(told('en', 3), '3 records of Anna');
    assert.equal(told('de', 3), '3 Einträge von Anna');
  });

  for (const [what, en, de, message] of [
    [
      'a message that another language lacks',
      { a: 'A', b: 'B' },
      { a: 'A' },
      /de lacks records\.b/,
    ],
    ['one that only another has', { a: 'A' }, { a: 'A', c: 'C' }, /en lacks records\.c/],
    [
      'a placeholder of another name',
      { a: '{who}' },
      { a: '{wer}' },
      /records\.a .*wer.* in de.*who/,
    ],
    ['a placeholder too few', { a: '{who} {what}' }, { a: '{who}' }, /records\.a/],
    [
      'a plural that is a plain placeholder elsewhere',
      { a: '{n, plural, one {#} other {#}}' },
      { a: '{n}' },
      /records\.a/,
    ],
    [
      'a placeholder within a plural that is missing elsewhere',
      { a: '{n, plural, one {{who}} other {#}}' },
      { a: '{n, plural, one {#} other {#}}' },
      /records\.a/,
    ],
    [
      'a plural without a form that its language needs',
      { a: '{n, plural, one {#} other {#}}' },
      { a: '{n, plural, other {#}}' },
      /records\.a lacks the plural form “one” of \{n\} in de/,
    ],
    [
      'what is not an ICU message',
      { a: '{who' },
      { a: 'A' },
      /records\.a is not an ICU message in en/,
    ],
    ['what is not a text', { a: 3 }, { a: 'A' }, /records\.a is not a text in en/],
    ['an empty text', { a: 'A' }, { a: '' }, /records\.a is not a text in de/],
  ] as const) {
    it(`fail the build, by the key’s name, with ${what}`, async (t) => {
      const folder = await folderOf(t, en, de);
      assert.throws(() => compileWords(folder), message);
    });
  }
});
