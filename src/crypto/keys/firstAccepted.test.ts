import assert from 'node:assert/strict';
import { it } from 'node:test';
import { utf8ToBytes } from '../bytes.ts';
import { firstAccepted } from './firstAccepted.ts';

it('firstAccepted asks for the label, then counts until a value is accepted', () => {
  for (const [refusals, expected] of [
    [0, 'label'],
    [1, 'label/1'],
    [12, 'label/12'],
  ] as const) {
    let left: number = refusals;
    const value = firstAccepted('label', utf8ToBytes, () => left-- === 0);
    assert.deepEqual(value, utf8ToBytes(expected));
  }
});
