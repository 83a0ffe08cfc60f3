import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestTypes } from '../../src/protocol/struct/requestTypes.ts';
import { FEATURES, type Feature } from './features.ts';
import { MORE, MOST_PLACES, placesOf } from './places.ts';

/** The feature of a name. */
function feature(name: string): Feature {
  return FEATURES.find((each) => each.name === name) ?? assert.fail();
}

describe('the places in which a feature is written by hand', () => {
  it('are four at most, or as many as a reason was given for', () => {
    const more = FEATURES.map((feature) => [feature.name, placesOf(feature).length] as const);
    assert.deepEqual(
      Object.fromEntries(more.filter(([, count]) => count > MOST_PLACES)),
      Object.fromEntries(Object.entries(MORE).map(([name, [count]]) => [name, count])),
    );
  });

  it('are counted for each struct that somebody signs', () => {
    const nested = new Set<string>(
      Object.values(requestTypes).flatMap((fields) => fields.map(({ type }) => type)),
    );
    const signed = Object.keys(requestTypes).filter((name) => !nested.has(name));
    const counted = FEATURES.flatMap(({ structs }) => structs);
    assert.deepEqual(counted.toSorted(), signed.toSorted());
  });

  it('are found by a text, by an interface, and by nothing that a test or a comment says', () => {
    const erasure = feature('Erasure');
    const bare = { ...erasure, sdk: [], verbs: [], screens: [], operations: [] };
    assert.deepEqual(placesOf({ ...bare, structs: [] }), []);
    assert.ok(placesOf(bare).includes('FHIR'));
    assert.ok(!placesOf(bare).includes('contract'));
    assert.ok(placesOf(feature('Claims')).includes('contract'));
  });
});
