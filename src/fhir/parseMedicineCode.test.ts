import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseMedicineCode } from './parseMedicineCode.ts';

it('the code of a medicine is a system, a bar and a code, and nothing else', () => {
  const system = 'http://www.whocc.no/atc';
  assert.deepEqual(parseMedicineCode(` ${system}|J01CA04 `), { system, code: 'J01CA04' });
  for (const other of ['', 'J01CA04', `${system}|`, '|J01CA04', `${system}|J01|CA04`, 'a b|c']) {
    assert.equal(parseMedicineCode(other), undefined, other);
  }
});
