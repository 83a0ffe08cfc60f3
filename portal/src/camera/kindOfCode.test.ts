import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { kindOfCode } from './kindOfCode.ts';

describe('the kind of a code', () => {
  it('is told by how the text begins, or by its format', () => {
    for (const [text, kind] of [
      [`MEDSEAL1${'Q'.repeat(40)}`, 'card'],
      ['{"format":"medseal-contact/1"}', 'card'],
      [' {"key":"0x","format":"medseal-slip/1"}\n', 'prescription'],
      ['{"format":"medseal-slip/2"}', 'prescription'],
      ['medseal-device:1:0x00', 'device'],
      [`0x${'aB'.repeat(20)}`, 'device'],
      ['{"format":"medseal-pin/2"}', 'pin'],
      ['{"format":"medseal-slips/1"}', 'signed'],
      ['{"format":{"toString":1}}', 'signed'],
      ['{}', 'signed'],
      ['{"format":"medseal-slip/1"', 'other'],
      [`0x${'ab'.repeat(32)}`, 'other'],
      ['https://medseal.example/', 'other'],
      ['', 'other'],
    ] as const) {
      assert.equal(kindOfCode(text), kind, text);
    }
  });

  it('is told of whatever is scanned', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(typeof kindOfCode(text), 'string');
      }),
    );
  });
});
