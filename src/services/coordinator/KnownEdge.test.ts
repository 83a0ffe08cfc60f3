import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { KnownEdge } from './KnownEdge.ts';

const empty = new KnownEdge(MerkleFrontier.empty(portablePrimitives));
const leaves = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));

describe('what a coordinator knows of a log', () => {
  // @attack a peer shows a coordinator nothing once and again, to fill its memory | what shows nothing is not kept
  it('takes up nothing more by what shows nothing', () => {
    const known = empty.with(leaves, true);
    for (const edge of [empty, known]) {
      assert.equal(edge.with([], true), edge);
      assert.equal(edge.with([], false), edge);
    }
  });

  it('is proven by what shows nothing and is signed by the log', () => {
    const known = empty.with(leaves, false);
    assert.equal(known.proven().size, 0);
    const proven = known.with([], true);
    assert.equal(proven.proven().size, 3);
    assert.equal(proven.with([], true), proven);
    assert.equal(proven.with([], false), proven);
  });
});
