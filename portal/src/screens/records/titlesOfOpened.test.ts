import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartRecord } from '../../../../src/client/index.ts';
import type { Words } from '../../words/useWords.tsx';
import { titlesOfOpened } from './titlesOfOpened.ts';

const words = {
  locale: 'en',
  say: (key: string) => key,
  sayIfKnown: () => undefined,
} as unknown as Words;
const versionOne = (record: string): ChartRecord =>
  ({ record, version: 1 }) as unknown as ChartRecord;
const [told, other] = [versionOne('0x0a'), versionOne('0x0b')];
const letter = { resourceType: 'DocumentReference', description: 'Letter' };
const problem = { resourceType: 'Condition', code: { text: 'Asthma' } };

describe('titlesOfOpened', () => {
  it('gives the file of a document no title, in whichever order they are opened', () => {
    const both = [{ record: told, resources: [letter], file: other }, { record: other }];
    for (const opened of [both, both.toReversed()]) {
      assert.deepEqual(titlesOfOpened(words, opened), { '0x0a/1': 'Letter', '0x0b/1': '' });
    }
  });

  it('hides no part of a bundle that a document names as its file', () => {
    const opened = [
      { record: told, resources: [letter], file: other },
      { record: other, resources: [problem] },
    ];
    for (const each of [opened, opened.toReversed()]) {
      assert.equal(titlesOfOpened(words, each)['0x0b/1'], 'Asthma');
    }
  });

  it('hides nothing that nobody has opened yet', () => {
    const titles = titlesOfOpened(words, [{ record: told, resources: [letter], file: other }]);
    assert.deepEqual(Object.keys(titles), ['0x0a/1']);
  });

  it('hides no other version than the one that was opened', () => {
    const titles = titlesOfOpened(words, [
      { record: told, resources: [letter], file: { ...other, version: 2 } },
      { record: other },
    ]);
    assert.deepEqual(titles, { '0x0a/1': 'Letter', '0x0b/1': 'records.file' });
  });

  it('is kept without the marks that keep its order on a page in Arabic', () => {
    const inArabic = { ...words, locale: 'ar', say: () => '\u2068Asthma\u2069 +1' };
    const many = ['A', 'B', 'C', 'D'].map((text) => ({ ...problem, code: { text } }));
    const opened = [
      { record: told, resources: [problem] },
      { record: other, resources: many },
    ];
    assert.deepEqual(titlesOfOpened(inArabic, opened), {
      '0x0a/1': 'Asthma',
      '0x0b/1': 'Asthma +1',
    });
  });

  it('hides no bundle whose resources have no title', () => {
    const titles = titlesOfOpened(words, [{ record: told, resources: [] }]);
    assert.deepEqual(titles, { '0x0a/1': 'records.file' });
  });
});
