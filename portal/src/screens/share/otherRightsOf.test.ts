import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GrantListed } from '../../../../src/client/index.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { otherRightsOf } from './otherRightsOf.ts';

const [BOB, EVE] = [`0x${'b0'.repeat(20)}`, `0x${'e0'.repeat(20)}`] as const;

function right(
  place: number,
  grantee?: string,
  state: GrantListed['state'] = 'holds',
): GrantListed {
  const grant = grantee === undefined ? {} : { grant: { terms: { grantee, record: ZERO32 } } };
  return { digest: `0x${`${place}`.repeat(64)}`, state, ...grant } as GrantListed;
}

describe('the other rights of the holder of a right', () => {
  it('are those that stand, begin later or come back, and none of another person', () => {
    const own = right(1, BOB);
    const others = [right(2, BOB), right(3, BOB, 'coming'), right(4, BOB, 'suspended')];
    assert.deepEqual(otherRightsOf(own, [own, right(5, EVE), ...others]), others);
  });

  it('leave out another person’s right and one that is over', () => {
    const own = right(1, BOB);
    assert.deepEqual(otherRightsOf(own, [own, right(2, BOB, 'expired'), right(3, EVE)]), []);
  });

  it('may be those whose holder this device does not know', () => {
    const [own, unknown] = [right(1, BOB), right(2, undefined, 'unknown')];
    assert.deepEqual(otherRightsOf(own, [unknown]), [unknown]);
    assert.deepEqual(otherRightsOf(unknown, [unknown, own]), [own]);
  });
});
