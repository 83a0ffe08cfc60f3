import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson } from './canonicalJson.ts';
import { isCanonicalJson } from './isCanonicalJson.ts';

/** Result of comparing with the canonical form. */
function byComparing(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

/** Holds a name that is a whole number. */
const NUMBERED = /"\d+":/;

describe('isCanonicalJson', () => {
  it('says what comparing with the canonical form says, of canonical texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        fc.pre(!NUMBERED.test(text));
        assert.equal(isCanonicalJson(text, JSON.parse(text)), true);
      }),
      { numRuns: 300 },
    );
  });

  it('says what comparing with the canonical form says, of other texts', () => {
    const unit = fc.constantFrom(
      '\\',
      '"',
      'd83d',
      'dc00',
      '\\ud83d',
      '\\udc00',
      '\ud83d',
      '\ude00',
      'a',
      '1',
      '{',
      '}',
      ':',
      ',',
    );
    const texts = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.array(unit, { maxLength: 8 }).map((parts) => `"${parts.join('')}"`),
      fc
        .dictionary(fc.string({ unit: 'binary', maxLength: 3 }), fc.double(), { maxKeys: 4 })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        fc.pre(!NUMBERED.test(text));
        assert.equal(isCanonicalJson(text, value), byComparing(text), text);
      }),
      { numRuns: 2000 },
    );
  });

  const others = [
    '{"b":1,"a":2}',
    '{"a":{"d":1,"c":2}}',
    '[{"b":1,"a":2}]',
    '{"a":1,"a":1}',
    '1.0',
    '1e3',
    ' 1',
    '"\\u0061"',
    '"\\ud83d"',
    '{"9":1,"10":2}',
    '"\\/"',
  ];
  for (const text of others) {
    it(`refuses ${text}`, () => {
      assert.equal(byComparing(text), false);
      assert.equal(isCanonicalJson(text, JSON.parse(text)), false);
    });
  }

  it('takes names that are whole numbers for uncanonical, in whatever order', () => {
    assert.equal(byComparing('{"10":1,"9":2}'), true);
    assert.equal(isCanonicalJson('{"10":1,"9":2}', JSON.parse('{"10":1,"9":2}')), false);
  });

  for (const text of [
    '{"a":1,"b":2}',
    '"\\\\ud83d"',
    '"😀"',
    '{"a":[],"b":{}}',
    '-1.5e-7',
    'null',
  ]) {
    it(`takes ${text}`, () => {
      assert.equal(byComparing(text), true);
      assert.equal(isCanonicalJson(text, JSON.parse(text)), true);
    });
  }
});
