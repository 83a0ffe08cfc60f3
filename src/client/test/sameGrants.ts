import assert from 'node:assert/strict';
import type { GrantTaken } from './grantOn.ts';

/**
 * Asserts that two grants took the same calls with the same bytes, and the same gas.
 *
 * @param one - Calls and gas of one grant.
 * @param other - Calls and gas of the other.
 */
export function sameGrants(one: GrantTaken, other: GrantTaken): void {
  assert.deepEqual(
    one.calls.map(([name]) => name),
    other.calls.map(([name]) => name),
  );
  for (const [place, [name, bytes]] of one.calls.entries()) {
    // Numbers of blocks and moments have a digit more or less.
    const difference = bytes - (other.calls[place]?.[1] ?? 0);
    assert.ok(Math.abs(difference) <= 32, `${name}: ${bytes} bytes, ${difference} more`);
  }
  // A byte of a hash that is zero costs less.
  assert.ok(Math.abs(one.gas - other.gas) <= 400, `${one.gas} gas and ${other.gas}`);
}
