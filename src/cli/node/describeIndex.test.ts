import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { describeIndex } from './describeIndex.ts';

/** Comparisons at block 64 with organisations of which some have the same index. */
function comparedWith(sames: Readonly<Record<string, boolean>>): string {
  const compared = Object.entries(sames).map(([organisation, same]) => ({
    organisation,
    block: 64,
    same,
  }));
  return describeIndex({ newest: { block: 96, digest: word('rows') }, compared }).join('\n');
}

describe('the lines of node status about the index of the ledger', () => {
  it('name the digest that operators can compare by hand, and say so before the first one', () => {
    assert.deepEqual(describeIndex(undefined), []);
    assert.deepEqual(describeIndex({ compared: [] }), ['Index   no digest yet']);
    assert.equal(comparedWith({}), `Index   ${word('rows')} at block 96`);
  });

  it('name each organisation with the block, and advise nothing while all are the same', () => {
    const lines = comparedWith({ laboratory: true, insurer: true });
    assert.match(lines, /the same as that of laboratory at block 64/);
    assert.match(lines, /the same as that of insurer at block 64/);
    assert.doesNotMatch(lines, /DIFFERS|operators/);
  });

  it('send the operator to those that differ if more are the same, and never have this node rebuild for one that lies', () => {
    const lines = comparedWith({ laboratory: true, insurer: false });
    assert.match(lines, /DIFFERS from that of insurer at block 64/);
    assert.match(lines, /theirs must be rebuilt/);
    assert.doesNotMatch(lines, /delete/);
  });

  it('say how this node rebuilds its index if nobody, or too few, have the same', () => {
    for (const sames of [
      { insurer: false },
      { laboratory: false, insurer: false },
      { laboratory: true, insurer: false, pharmacy: false },
    ]) {
      assert.match(
        comparedWith(sames),
        /stop the node, delete node.ledger.index in its folder, start it/,
      );
    }
  });
});
