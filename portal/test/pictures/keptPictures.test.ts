import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SEERS } from '../sights.ts';
import { pictureNames } from './eachPicture.ts';
import { keptNames, keptSize } from './keptPictures.ts';
import { NOT_KEPT } from './notKept.ts';

/** The most bytes that all pictures have together. */
const MOST = 2_000_000;

describe('the kept pictures', () => {
  it('are those of all screens and components, in each look, and no others', () => {
    assert.deepEqual(keptNames(), pictureNames(), 'run `npm run maintain shots -- --keep`');
  });

  it('leave out only sights that there are', () => {
    const sights = SEERS.flatMap((seer) => seer.sights.map(({ name }) => `${seer.name}-${name}`));
    assert.deepEqual(
      Object.keys(NOT_KEPT).filter((name) => !sights.includes(name)),
      [],
    );
  });

  it('are small', (t) => {
    t.diagnostic(`${keptNames().length} pictures, ${keptSize()} bytes`);
    assert.ok(keptSize() <= MOST, `${keptSize()} bytes`);
  });
});
