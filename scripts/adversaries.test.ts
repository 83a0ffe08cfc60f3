import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { adversaryTags } from './adversariesPage.ts';

describe('the tags of tests', () => {
  const tags = adversaryTags();

  it('say each attack once', () => {
    assert.ok(tags.length >= 800, `${tags.length} tags`);
    const told = tags.map(({ kind, who, what, test }) => `${kind} ${who} | ${what} | ${test}`);
    assert.equal(new Set(told).size, told.length);
  });

  it('have one for every weakness that the contracts’ tests name', () => {
    const source = new URL('../contracts/PeerBugs.t.sol', import.meta.url);
    const names = readFileSync(source, 'utf8').matchAll(
      /function (test_(?:MedRec|Uzima|Medblock|Fabric)\w+)/g,
    );
    const told = tags.map(({ test }) => test);
    // The whole product's tests cover a future purpose and a right to one record.
    const elsewhere = ['test_MedRec_a_signature_over_a_future_time_was_good_again_and_again'];
    for (const [, name = ''] of names) {
      assert.ok(told.includes(name) || elsewhere.includes(name), name);
    }
  });
});
