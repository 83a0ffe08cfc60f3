import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shrinkSteps } from './shrinkSteps.ts';

it('a sequence is made as short as it fails, whatever hangs on what', async () => {
  const all = Array.from({ length: 8 }, (_, place) => place);
  assert.deepEqual(await shrinkSteps(all, fails), [1, 6]);
});

/** Step 1 and step 6 fail together; if 4 is there, 2 must be as well. */
async function fails(places: readonly number[]): Promise<boolean> {
  const has = (place: number): boolean => places.includes(place);
  return await Promise.resolve(has(1) && has(6) && (!has(4) || has(2)));
}
