import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as holds, property, stringMatching } from 'fast-check';
import { textLengths } from './textLengths.ts';

describe('the lengths of texts that match a pattern', () => {
  it('follow from characters, classes, groups, alternatives and counts', () => {
    for (const [pattern, least, most] of [
      [/^0x[0-9a-f]{64}$/, 66, 66],
      [/^age1[0-9a-z]{1,40}$/, 5, 44],
      [/^(?:abc|d{2,3})?e$/, 1, 4],
      [/^(a|b)+$/, 1, Infinity],
      [/^[A-Za-z0-9+/]*={0,2}$/, 0, Infinity],
      [/^urn:[\w.-]{2,}$/, 6, Infinity],
      // JSON takes up to six bytes for a character.
      [/^[\s\S]{0,96}$/u, 0, 576],
    ] as const) {
      assert.deepEqual(textLengths(pattern), { least, most }, String(pattern));
    }
  });

  it('have no limit if the pattern says nothing of beginning and end, or looks ahead', () => {
    for (const pattern of [/abc/, /^abc/, /^(?=a)b$/])
      assert.deepEqual(textLengths(pattern), { least: 0, most: Infinity }, String(pattern));
  });

  it('are those of every text that matches', () => {
    for (const pattern of [/^(?:a|bc{2,4}\.)*d?$/, /^[^a-f]{1,9}$/, /^\w{0,3}(?:-\d+)?$/]) {
      const { least, most } = textLengths(pattern);
      holds(
        property(stringMatching(pattern), (text) => {
          const bytes = Buffer.byteLength(JSON.stringify(text)) - 2;
          assert.ok(bytes >= least && bytes <= most, text);
        }),
      );
    }
  });
});
