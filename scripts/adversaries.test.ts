import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/adversaries.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.+?) +\| .+? \| `([^`]+)`: (.+?) +\|$/gm)];

describe('the page of adversaries', () => {
  it('names for each of them a test that exists', () => {
    assert.ok(rows.length >= 50, `${rows.length} rows`);
    for (const [, who, path = '', name = ''] of rows) {
      const text = readFileSync(join(root, path), 'utf8');
      assert.ok(text.includes(name), `${who}: ${path} has no test "${name}"`);
    }
  });

  it('has a row for every weakness that the contracts’ tests name', () => {
    const tests = readFileSync(join(root, 'contracts/PeerBugs.t.sol'), 'utf8');
    const names = [...tests.matchAll(/function (test_(?:MedRec|Uzima|Medblock|Fabric)\w+)/g)];
    const told = rows.map(([, , , name]) => name);
    // The whole product's tests cover a future purpose and a right to one record.
    const elsewhere = ['test_MedRec_a_signature_over_a_future_time_was_good_again_and_again'];
    for (const [, name = ''] of names) {
      assert.ok(told.includes(name) || elsewhere.includes(name), name);
    }
  });
});
