import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as holds, property } from 'fast-check';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { parseJsonBytes } from '../../crypto/parseJsonBytes.ts';
import { BYTES32, Either, ListOf, MapOf, type Shape } from './findShapeError.ts';
import { jsonLimitsOf } from './jsonLimitsOf.ts';
import type { Operation } from '../operations/Operation.ts';
import { operations } from '../operations/operations.ts';
import { arbitraryOf } from '../test/arbitraryShape.ts';

const MOST = 2 ** 26;
/** Values and names that any shape may have beyond its own. */
const ADDED = 64;

describe('limits of JSON', () => {
  it('refuse more than a shape can have: bytes, values and names', () => {
    const shape: Shape = { size: 'count', 'hashes?': new ListOf(BYTES32, 2) };
    const { bytes, values, names } = jsonLimitsOf(shape, MOST);
    assert.ok(bytes < 1000, `${bytes} bytes`);
    assert.equal(values, 5 + ADDED);
    assert.equal(names, 2 + ADDED);
  });

  it('count what a list without a limit can have within the bytes, by its smallest items', () => {
    const hashes = jsonLimitsOf([BYTES32], 69_000);
    assert.ok(hashes.values >= 1000 && hashes.values <= 1001 + ADDED, `${hashes.values} values`);
    const objects = jsonLimitsOf([{ hash: BYTES32, sizes: ['count'] }], 69_000);
    // A number of one digit and a comma take two bytes.
    assert.ok(objects.values <= 69_000 / 2 + ADDED, `${objects.values} values`);
  });

  it('set one limit for all parts together that have no shape', () => {
    const free = jsonLimitsOf('any', MOST);
    for (const shape of [new ListOf('any', 1000), new MapOf(/^a$/, 'any'), new Either('any')]) {
      const { values } = jsonLimitsOf(shape, MOST);
      assert.ok(values <= free.values + 1001, `${values} values`);
    }
  });

  for (const [name, { gives, takes }] of Object.entries<Operation>(operations)) {
    const shapes = Object.values(gives).flatMap((given) => ('json' in given ? [given.json] : []));
    if (takes !== undefined && takes !== 'bytes') shapes.push(takes);
    if (shapes.length === 0) continue;
    it(`let through all that ${name} takes and gives, as programs and as people write it`, () => {
      for (const shape of shapes) {
        holds(
          property(arbitraryOf(shape), (value) => {
            for (const indent of [0, 2]) {
              const bytes = utf8ToBytes(JSON.stringify(value, undefined, indent));
              assert.doesNotThrow(() => parseJsonBytes(bytes, jsonLimitsOf(shape, MOST)));
            }
          }),
          { numRuns: 5 },
        );
      }
    });
  }
});
