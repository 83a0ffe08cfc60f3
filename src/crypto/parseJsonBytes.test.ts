import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as holds, jsonValue, property } from 'fast-check';
import { utf8ToBytes } from './bytes.ts';
import { parseJsonBytes } from './parseJsonBytes.ts';

/** Limits that nothing here is over but what tests them. */
const WIDE = { bytes: 2 ** 24, values: 2 ** 20, names: 2 ** 10 };

const nested = (depth: number, open = '[', close = ']'): Uint8Array =>
  utf8ToBytes(open.repeat(depth) + '1' + close.repeat(depth));

const many = (one: string, count: number): Uint8Array =>
  utf8ToBytes(`[${Array.from({ length: count }, () => one).join()}]`);

const fields = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, name) => [`n${name}`, 0]));

describe('JSON from elsewhere', () => {
  it('is read as the platform reads it', () => {
    holds(
      property(jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(parseJsonBytes(utf8ToBytes(text), WIDE), JSON.parse(text));
      }),
    );
  });

  it('is refused where it lies deeper than 64, before anything walks it', () => {
    assert.deepEqual(
      parseJsonBytes(nested(64), WIDE),
      JSON.parse('['.repeat(64) + '1' + ']'.repeat(64)),
    );
    for (const deep of [nested(65), nested(100_000), nested(65, '{"a":', '}')])
      assert.throws(() => parseJsonBytes(deep, WIDE), SyntaxError);
  });

  it('may have any number of brackets within texts, and side by side', () => {
    const lists = Array.from({ length: 1000 }, () => []);
    const text = JSON.stringify(['['.repeat(100), '\\"{'.repeat(100), ...lists]);
    assert.deepEqual(parseJsonBytes(utf8ToBytes(text), WIDE), JSON.parse(text));
  });

  it('is refused where it has more values than it may, however they lie', () => {
    const limits = { ...WIDE, values: 100, names: 10 };
    assert.deepEqual(parseJsonBytes(many('"a,b[{"', 98), limits), Array(98).fill('a,b[{'));
    for (const bytes of [many('1', 101), many('[]', 50), many('{"a":1,"b":2}', 34), many('{}', 90)])
      assert.throws(() => parseJsonBytes(bytes, limits), SyntaxError);
  });

  // @attack JSON of few bytes and millions of values | a bound on values and names
  it('is refused where more names of fields differ than may, in one object or in many', () => {
    const limits = { ...WIDE, values: 100, names: 10 };
    const read = (value: unknown): unknown =>
      parseJsonBytes(utf8ToBytes(JSON.stringify(value)), limits);
    const alike = Array.from({ length: 5 }, () => fields(10));
    assert.deepEqual(read(alike), alike);
    assert.throws(() => read(fields(11)), SyntaxError);
    assert.throws(
      () => read(Array.from({ length: 11 }, (_, name) => ({ [`"${name}`]: 0 }))),
      SyntaxError,
    );
  });

  it('is refused where it has more bytes than it may, spaces too', () => {
    assert.equal(parseJsonBytes(utf8ToBytes('1   '), { ...WIDE, bytes: 4 }), 1);
    assert.throws(() => parseJsonBytes(utf8ToBytes('1    '), { ...WIDE, bytes: 4 }), SyntaxError);
  });

  it('knows where a text ends, whatever is escaped in it', () => {
    for (const text of ['\\', '\\"', '"\\', '\\\\"[', 'a\\\\', '"', '[{,', '\\"\\"\\']) {
      const bytes = utf8ToBytes(JSON.stringify([text, [text]]));
      assert.deepEqual(parseJsonBytes(bytes, { ...WIDE, values: 4, names: 0 }), [text, [text]]);
    }
  });

  it('is refused where it is not JSON, or no UTF-8', () => {
    for (const bytes of [utf8ToBytes(''), utf8ToBytes(']'), utf8ToBytes('"'), Uint8Array.of(0xff)])
      assert.throws(() => parseJsonBytes(bytes, WIDE));
  });
});
