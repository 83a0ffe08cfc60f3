import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as holds, jsonValue, property } from 'fast-check';
import { utf8ToBytes } from './bytes.ts';
import { parseJsonBytes } from './parseJsonBytes.ts';

const nested = (depth: number, open = '[', close = ']'): Uint8Array =>
  utf8ToBytes(open.repeat(depth) + '1' + close.repeat(depth));

describe('JSON from elsewhere', () => {
  it('is read as the platform reads it', () => {
    holds(
      property(jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(parseJsonBytes(utf8ToBytes(text)), JSON.parse(text));
      }),
    );
  });

  it('is refused where it lies deeper than 64, before anything walks it', () => {
    assert.deepEqual(parseJsonBytes(nested(64)), JSON.parse('['.repeat(64) + '1' + ']'.repeat(64)));
    for (const deep of [nested(65), nested(100_000), nested(65, '{"a":', '}')])
      assert.throws(() => parseJsonBytes(deep), SyntaxError);
  });

  it('may have any number of brackets within texts, and side by side', () => {
    const lists = Array.from({ length: 1000 }, () => []);
    const text = JSON.stringify(['['.repeat(100), '\\"{'.repeat(100), ...lists]);
    assert.deepEqual(parseJsonBytes(utf8ToBytes(text)), JSON.parse(text));
  });

  it('is refused where it is no JSON, or no UTF-8', () => {
    for (const bytes of [utf8ToBytes(''), utf8ToBytes(']'), utf8ToBytes('"'), Uint8Array.of(0xff)])
      assert.throws(() => parseJsonBytes(bytes));
  });
});
