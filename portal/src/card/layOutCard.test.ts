import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CardWords } from './cardWords.ts';
import { layOutCard, PICTURE_EDGE, PICTURE_HEIGHT, PICTURE_WIDTH } from './layOutCard.ts';

/** Each code unit is half as wide as it is high. */
const measure = (text: string, size: number): number => text.length * size * 0.5;
const SMALL: CardWords = {
  title: 'Emergency card',
  name: 'Ana Ferreira, 3 May 1961',
  groups: [
    { group: 'allergies', heading: 'Allergies', lines: ['Penicillin · Risk: high'], none: '' },
    { group: 'blood', heading: 'Blood group', lines: [], none: 'Not stated.' },
  ],
  old: undefined,
  made: 'It may lack something.',
};
/** As many lines as a card has, each as long as one can be. */
const FULL: CardWords = {
  ...SMALL,
  groups: [
    {
      group: 'more',
      heading: 'Also important',
      lines: Array.from({ length: 60 }, (_, place) => `${place} ${'word '.repeat(58)}end`),
      none: '',
    },
  ],
  old: 'The records changed.',
};
const all = (words: CardWords): string =>
  layOutCard(words, measure)
    .lines.map(({ text }) => text)
    .join(' ');

describe('the picture of an emergency card', () => {
  it('is as high as a telephone, and says all in the largest letters below the time of a locked screen', () => {
    const { height, lines } = layOutCard(SMALL, measure);
    assert.equal(height, PICTURE_HEIGHT);
    assert.deepEqual(
      lines.map(({ text }) => text),
      [
        'Emergency card',
        'Ana Ferreira, 3 May 1961',
        'Allergies',
        '• Penicillin · Risk: high',
        'Blood group',
        'Not stated.',
        'It may lack something.',
      ],
    );
    assert.ok(lines.every(({ y, size }) => y - size / 2 >= 420 && size >= 44));
  });

  it('leaves nothing of a full card out: it grows longer, and each line stays within its edges below the one before', () => {
    const { height, lines } = layOutCard(FULL, measure);
    assert.ok(height > PICTURE_HEIGHT);
    let below = 0;
    for (const { text, y, size } of lines) {
      assert.ok(measure(text, size) <= PICTURE_WIDTH - 2 * PICTURE_EDGE, text);
      assert.ok(y - size / 2 >= below && y + size / 2 <= height, text);
      below = y + size / 2;
    }
    const text = all(FULL);
    for (const { lines: own } of FULL.groups) {
      for (const line of own) assert.ok(text.includes(line), line.slice(0, 8));
    }
    assert.ok(text.includes('The records changed. It may lack something.'));
  });

  it('breaks a word that is wider than the picture between characters that stay whole', () => {
    const name = '👩🏽‍🚒'.repeat(200);
    const { lines } = layOutCard({ ...SMALL, name }, measure);
    const parts = lines.filter(({ text }) => text.includes('👩'));
    assert.ok(parts.length > 1);
    assert.equal(parts.map(({ text }) => text).join(''), name);
    assert.ok(parts.every(({ text }) => text.startsWith('👩🏽‍🚒') && text.endsWith('👩🏽‍🚒')));
  });
});
