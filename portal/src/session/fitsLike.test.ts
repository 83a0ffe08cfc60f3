import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitsLike } from './fitsLike.ts';

const MODEL = { note: '', kinds: ['other'], lines: [{ service: '', paid: false }], free: [] };

describe('a draft of another version of the page', () => {
  it('is taken if it has the same fields, each of the same kind', () => {
    const value = { note: 'a', kinds: [], lines: [{ service: 'b', paid: true }], free: [1, 'c'] };
    assert.ok(fitsLike(value, MODEL));
    assert.ok(fitsLike(structuredClone(MODEL), MODEL));
  });

  it('is not taken if a field is missing, added or of another kind', () => {
    const { note: _note, ...less } = MODEL;
    const others = [
      less,
      { ...MODEL, more: '' },
      { ...MODEL, note: 1 },
      { ...MODEL, kinds: 'other' },
      { ...MODEL, kinds: [1] },
      { ...MODEL, lines: [{ service: '' }] },
      { ...MODEL, free: {} },
      [],
      null,
      'note',
      undefined,
    ];
    for (const other of others) assert.ok(!fitsLike(other, MODEL), JSON.stringify(other));
  });
});
