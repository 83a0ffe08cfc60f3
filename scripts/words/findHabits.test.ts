import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHabits } from './findHabits.ts';
import { pageTexts } from './pageTexts.ts';
import { textsOf } from './textsOf.ts';

describe('findHabits', () => {
  const habits = [
    'It can not be read.',
    'Returns it. What a node keeps of it.',
    'The address is no number.',
    'The row; undefined where it was damaged.',
    'So many must agree on it.',
    'The rows are made anew.',
  ];
  for (const text of habits) {
    it(`finds the one in “${text}”`, () => {
      assert.equal(findHabits(text).length, 1);
    });
  }

  const plain = [
    'It cannot be read.',
    'What is a receipt?',
    'There is no such number.',
    'It is no longer kept.',
    'The folder where it lies.',
    'Returns what a node keeps.',
  ];
  for (const text of plain) {
    it(`finds none in “${text}”`, () => {
      assert.deepEqual(findHabits(text), []);
    });
  }
});

describe('textsOf', () => {
  it('gives comments, tags and strings of several words, without names of parameters', async () => {
    const source = `
/**
 * Reads a row.
 *
 * @param key - Whose row it is.
 */
export const text = 'a row is lost';
export const name = 'row';
export const told = \`the row \${name} is lost\`;
`;
    const texts = await textsOf(source);
    assert.deepEqual(
      texts.map(({ text }) => text.trim()),
      ['Reads a row.', 'Whose row it is.', 'a row is lost', 'the row … is lost'],
    );
  });
});

describe('pageTexts', () => {
  it('leaves out headings, code and lists of contents', () => {
    const page = `# What it is

- [What it is](#what-it-is)

It reads
a row.

\`\`\`sh
medseal what is it
\`\`\`

| what is told | \`who asks\` |
`;
    assert.deepEqual(
      pageTexts(page).map(({ text }) => text),
      ['It reads a row.', 'what is told'],
    );
  });
});
