import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHabits } from './findHabits.ts';
import { readTexts } from './readTexts.ts';

describe('what people read in code and pages', () => {
  it('shows no habit that makes a sentence hard to read', async () => {
    const found: string[] = [];
    for (const [path, texts] of await readTexts([])) {
      for (const { line, text } of texts) {
        for (const { sentence, instead } of findHabits(text)) {
          found.push(`${path}:${line}: ${sentence} → ${instead}`);
        }
      }
    }
    assert.deepEqual(found, []);
  });
});
