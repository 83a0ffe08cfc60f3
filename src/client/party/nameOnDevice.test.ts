import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deriveName } from '../../crypto/keys/deriveName.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { nameOnDevice } from './nameOnDevice.ts';

const [first, second, third] = [1, 2, 3].map(
  (byte) => new PartyKeys(new Uint8Array(32).fill(byte)),
);
const what = utf8ToBytes('dispense');

describe('a name on a device', () => {
  it('stays the same at each change of key, and is another one for another party or value', () => {
    assert.ok(first && second && third);
    const name = nameOnDevice({ keys: first }, what);
    assert.equal(name, deriveName(first.seed(), what));
    assert.equal(nameOnDevice({ keys: second, formerKeys: [first] }, what), name);
    assert.equal(nameOnDevice({ keys: third, formerKeys: [second, first] }, what), name);
    assert.notEqual(nameOnDevice({ keys: second }, what), name);
    assert.notEqual(nameOnDevice({ keys: first }, utf8ToBytes('birth')), name);
  });
});
