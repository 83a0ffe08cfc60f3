import assert from 'node:assert/strict';
import { it } from 'node:test';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { exactRow } from './exactRow.ts';

it('a row is read only in the one spelling that nodes write', () => {
  const text = '{"log":"care/hospital","index":7}';
  assert.deepEqual(exactRow(text), { log: 'care/hospital', index: 7 });
  assert.deepEqual(exactRow(utf8ToBytes(text)), { log: 'care/hospital', index: 7 });
  for (const altered of [text.replace(':', ': '), text.slice(1), text.replace('7', '7e0'), '']) {
    assert.equal(exactRow(altered), undefined, altered);
    assert.equal(exactRow(utf8ToBytes(altered)), undefined, altered);
  }
  assert.equal(exactRow(undefined), undefined);
  assert.equal(exactRow(Uint8Array.of(0x22, 0xff, 0x22)), undefined);
});
