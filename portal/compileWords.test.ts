import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setupI18n } from '@lingui/core';
import { compileWords } from './compileWords.ts';

type Words = Readonly<Record<string, unknown>>;

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
    const languages = compileWords(join(import.meta.dirname, 'src/words'));
    assert.deepEqual([...languages.keys()], ['de', 'en']);
  });

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
