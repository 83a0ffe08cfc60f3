import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { exactJson } from './exactJson.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { arbitraryJson } from './test/arbitraryJson.ts';
import { writeFhirJson } from './writeFhirJson.ts';

const parse = (text: string): unknown => parseFhirJson(utf8ToBytes(text));

const nested = (depth: number): string => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);

function invalid(text: string | Uint8Array, reason: string | RegExp): void {
  const bytes = typeof text === 'string' ? utf8ToBytes(text) : text;
  assert.throws(
    () => parseFhirJson(bytes),
    (error: { code?: string; values?: { reason: string }; cause?: unknown }) => {
      assert.equal(error.code, 'FHIR_INVALID');
      if (typeof reason === 'string') assert.equal(error.values?.reason, reason);
      else assert.match(error.values?.reason ?? '', reason);
      assert.equal(error.cause, undefined);
      return true;
    },
  );
}

const NUMBERS = [
  ['1.00', 1],
  ['66.899999999999991', 66.89999999999999],
  ['1e-400', 0],
  ['-0', -0],
  ['-0.0', -0],
  ['1E2', 100],
  ['0.10', 0.1],
  ['1e400', Infinity],
  ['12345678901234567890', 12345678901234567000],
  ['0.000000000000000000000000010', 1e-26],
] as const;

describe('FHIR that is read from JSON', () => {
  for (const [text, number] of NUMBERS) {
    it(`has ${text} for the number ${number}, and writes it as it was`, () => {
      for (const json of [`{"value":${text}}`, `[${text},2]`, `{"a":[{"b":${text}}]}`]) {
        const value = parse(json);
        assert.equal(writeFhirJson(value), json);
        assert.equal(exactJson(value), json);
      }
      assert.ok(Object.is((parse(`{"value":${text}}`) as { value: number }).value, number));
    });
  }

  it('is what the platform reads, and is written as it was, whatever it is', () => {
    fc.assert(
      fc.property(arbitraryJson, (text) => {
        const value = parse(text);
        assert.equal(JSON.stringify(value), JSON.stringify(JSON.parse(text)));
        assert.equal(writeFhirJson(value), text);
        assert.equal(writeFhirJson(parse(writeFhirJson(value, { indent: 2 }))), text);
      }),
    );
  });

  it('keeps how a number was written in a copy by spread, and not once it has another value', () => {
    const quantity = parse('{"value":4.20,"low":1.0}') as { value: number; low: number };
    assert.equal(writeFhirJson({ ...quantity }), '{"value":4.20,"low":1.0}');
    assert.equal(writeFhirJson({ ...quantity, value: 4.3 }), '{"value":4.3,"low":1.0}');
    assert.deepEqual(Object.entries(quantity), [
      ['value', 4.2],
      ['low', 1],
    ]);
  });

  it('may begin with a byte order mark, and have white space around it', () => {
    assert.equal(writeFhirJson(parse('\ufeff\r\n\t {"a":1.0}\n')), '{"a":1.0}');
    invalid('\ufeff\ufeff{}', /^the file is not well-formed JSON/);
  });

  it('is refused where a name is there twice, with its path', () => {
    invalid('{"resourceType":"Patient","id":"1","id":"1"}', 'Patient.id: appears twice');
    invalid(
      '{"resourceType":"Bundle","entry":[{},{"resource":{"code":{"text":"a","text":"b"}}}]}',
      'Bundle.entry[1].resource.code.text: appears twice',
    );
    invalid(String.raw`{"a":{},"a":[1],"\u0061":2}`, 'JSON.a: appears twice');
    invalid(String.raw`{"a":1,"\u0061":2}`, 'JSON.a: appears twice');
    invalid('{"Anna Schmidt":1,"Anna Schmidt":2}', 'JSON.?: appears twice');
    invalid('{"__proto__":1,"__proto__":2}', 'JSON.?: appears twice');
  });

  it('may have one name in several objects, and a name that is another’s value', () => {
    for (const text of ['[{"a":1},{"a":1}]', '{"a":{"a":"a"},"b":["a","a"]}']) {
      assert.equal(writeFhirJson(parse(text)), text);
    }
  });

  it('is refused where it is not JSON, and nothing of it is told', () => {
    invalid(
      '{"name":"Anna",}',
      /^the file is not well-formed JSON(?:: look at line 1 column \d+)?$/,
    );
    invalid('{"name":"Anna"', /^the file is not well-formed JSON/);
    invalid('Anna', 'the file is not well-formed JSON');
    invalid('', /^the file is not well-formed JSON/);
    invalid(Uint8Array.of(0x7b, 0xff), 'the file is not in UTF-8');
  });

  it('is refused where objects lie too deep in each other', () => {
    assert.equal(writeFhirJson(parse(nested(128))), nested(128));
    invalid(`[${nested(128)}]`, /^JSON\[0\].*\.a\[0\]: is nested too deeply$/);
    invalid('['.repeat(1_000_000) + ']'.repeat(1_000_000), /: is nested too deeply$/);
  });
});

describe('FHIR that is written as JSON', () => {
  it('is laid out as the platform does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        assert.equal(writeFhirJson(plain, { indent }), JSON.stringify(plain, null, indent));
      }),
    );
  });

  it('leaves out what is undefined, and refuses what JSON cannot carry', () => {
    assert.equal(writeFhirJson({ a: undefined, b: 1 }), '{"b":1}');
    const cycle: Record<string, unknown> = {};
    cycle['again'] = cycle;
    for (const value of [NaN, Infinity, undefined, () => 1, 1n, Symbol('x'), [undefined], cycle]) {
      assert.throws(() => writeFhirJson({ of: [value] }), { code: 'REQUEST_MALFORMED' });
    }
  });
});
