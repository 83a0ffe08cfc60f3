import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { decodePart } from './decodePart.ts';
import { encodePart } from './encodePart.ts';
import { exactJson } from './exactJson.ts';
import { splitBundle } from './splitBundle.ts';
import { arbitraryBundle } from './test/arbitraryBundle.ts';

const set = `0x${'44'.repeat(16)}` as const;

describe('decodePart', () => {
  it('gives back what encodePart made, in the same bytes for the same content', () => {
    fc.assert(
      fc.property(arbitraryBundle, (bundle) => {
        for (const { content } of splitBundle(bundle, { set })) {
          const decoded = decodePart(encodePart(content));
          assert.equal(exactJson(decoded), exactJson(content));
          assert.deepEqual(encodePart(decoded), encodePart(content));
        }
      }),
    );
  });

  it('reads the documented form', () => {
    const text = `{"category":"plans","entries":[],"format":"medseal-part/1","part":1,"set":"${set}"}`;
    const content = decodePart(utf8ToBytes(text));
    assert.deepEqual(encodePart(content), utf8ToBytes(text));
  });

  const wrong: [string, Uint8Array][] = [
    ['no bytes', new Uint8Array()],
    ['what is not UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['what is not JSON', utf8ToBytes('{Quirk')],
    [
      'a set that no text can be made of',
      utf8ToBytes('{"format":"medseal-part/1","set":{"toString":1,"valueOf":1}}'),
    ],
    ['JSON of another form', utf8ToBytes('{"resourceType":"Patient"}')],
  ];
  for (const [what, bytes] of wrong) {
    it(`refuses ${what}, and says nothing of it`, () => {
      assert.throws(
        () => decodePart(bytes),
        (error: unknown) => {
          assert.ok(isMedsealError(error, 'PARTS_UNFIT'));
          assert.equal(error.values.reason, 'one of them is malformed');
          assert.equal(error.cause, undefined);
          return true;
        },
      );
    });
  }
});
