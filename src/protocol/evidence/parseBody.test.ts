import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { parseBody } from './parseBody.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, sampleBody, sampleView } from '../test/sampleEvidence.ts';
import { context } from '../test/sampleNetwork.ts';
import { sampleHeader, signedReadings } from '../test/sampleReadings.ts';
import { sign } from '../struct/signing.ts';

const body = sampleBody();
const refused = sampleBody({ flag: 'R', code: 'RIGHT_MISSING' });
const readings = signedReadings(sampleHeader());

describe('parseBody', () => {
  it('takes an accepted and a refused body', () => {
    assert.deepEqual(parseBody(canonicalJson(body)), body);
    assert.deepEqual(parseBody(canonicalJson(refused)), refused);
  });

  it('takes the readings of a write, accepted and refused', () => {
    for (const each of [body, refused]) {
      const withReadings = { ...each, readings };
      assert.deepEqual(parseBody(canonicalJson(withReadings)), withReadings);
    }
  });

  const wrong: [string, object][] = [
    [
      'of a view with readings',
      { ...body, readings, request: sign(context, doctor, 'View', sampleView) },
    ],
    ['with readings of nothing', { ...body, readings: null }],
    ['with readings that nobody signed', { ...body, readings: { header: readings.header } }],
    ['with words among its readings', { ...body, readings: { ...readings, note: 'mine' } }],
    ['of another format', { ...body, format: 'medseal-body/2' }],
    ['of another flag', { ...body, flag: 'B' }],
    ['accepted with a code', { ...body, code: 'RIGHT_MISSING' }],
    ['refused without a code', { ...body, flag: 'R' }],
    ['refused with words of its own', { ...refused, code: 'You are a bad doctor' }],
    ['refused with a code in a list', { ...refused, code: ['RIGHT_MISSING'] }],
    ['with a field more', { ...body, note: 'mine' }],
    ['without a salt', { ...body, salt: undefined }],
    ['with a short salt', { ...body, salt: '0x00' }],
    ['with a salt in a list', { ...body, salt: [body.salt] }],
    ['before 1970', { ...body, at: -1 }],
    ['of no block', { ...body, block: null }],
    ['of a block before the first', { ...body, block: -1 }],
    ['at a broken second', { ...body, at: 1.5 }],
    ['of a log that is not text', { ...body, log: 7 }],
    ['without a request', { ...body, request: null }],
    ['with a rule request', { ...body, request: { ...body.request, type: 'Grant' } }],
    ['that is a list', [body]],
  ];
  for (const [name, value] of wrong) {
    it(`refuses a body ${name}`, () => {
      assert.throws(() => parseBody(canonicalJson(value)), failsWith('REQUEST_MALFORMED'));
    });
  }

  it('refuses every other spelling of the same body', () => {
    const text = canonicalJson(body);
    for (const other of [
      ` ${text}`,
      `${text}\n`,
      JSON.stringify(body),
      text.replace('"at"', '"\\u0061t"'),
    ]) {
      assert.notEqual(other, text);
      assert.deepEqual(JSON.parse(other), body);
      assert.throws(() => parseBody(other), failsWith('REQUEST_MALFORMED'));
    }
    assert.throws(
      () => parseBody(text.replace('"block":7', '"block":-0')),
      failsWith('REQUEST_MALFORMED'),
    );
    assert.throws(
      () => parseBody(text.replace('"at"', '"at":0,"at"')),
      failsWith('REQUEST_MALFORMED'),
    );
  });

  it('throws nothing but its refusal, whatever the text', () => {
    const texts = fc.oneof(fc.json(), fc.string(), fc.constantFrom('', 'null', '0', '"x"', '{'));
    fc.assert(
      fc.property(texts, (text) => {
        assert.throws(() => parseBody(text), failsWith('REQUEST_MALFORMED'));
      }),
    );
  });
});
