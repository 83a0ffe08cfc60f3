import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import { operatorCalls } from '../../protocol/operator/operatorCalls.ts';
import { peerCalls } from '../../services/peers/peerCalls.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { jsonIn } from '../jsonIn.ts';
import { servedOperations } from '../operations/operations.ts';

interface Taking {
  readonly gives: unknown;
  readonly takes?: Shape | 'bytes';
}

/** Half a million small objects, in less than a megabyte. */
const MANY = utf8ToBytes(`[${'{},'.repeat(2 ** 18)}{}]`);

describe('the JSON of a request', () => {
  // @actor somebody sends a call many more values than it can take | the limits of the shape that it takes
  it('is refused before it is parsed if it has more than its call takes, whatever the call', (t) => {
    const { coordinator, contributor, authority } = peerCalls;
    const calls = [operatorCalls, coordinator, contributor, authority].flatMap((table) =>
      Object.entries<Taking>(table),
    );
    const served = servedOperations.map((each): [string, Taking] => [each.id, each]);
    const parse = t.mock.method(JSON, 'parse');
    try {
      for (const [name, { takes }] of [...calls, ...served]) {
        if (takes === undefined || takes === 'bytes') continue;
        assert.throws(() => jsonIn(MANY, takes), failsWith('REQUEST_MALFORMED'), name);
      }
      assert.equal(parse.mock.callCount(), 0);
    } finally {
      parse.mock.restore();
    }
  });
});
