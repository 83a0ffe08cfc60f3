import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operations } from './operations.ts';
import { pathOf } from './pathOf.ts';

describe('pathOf', () => {
  it('fills in the parameters of path and query', () => {
    const asked = { channel: 'care', organisation: 'hospital', from: 7 };
    assert.equal(pathOf(operations.listEntries, asked), '/v1/entries/care/hospital?from=7');
  });

  it('leaves out a parameter of the query that has no value', () => {
    assert.equal(pathOf(operations.listBlocks, {}), '/v1/blocks');
  });

  it('keeps the slashes of a tile', () => {
    const asked = { channel: 'care', organisation: 'lab', tile: '0/x001/234.p/44' };
    assert.equal(pathOf(operations.getTlogTile, asked), '/v1/tlog/care/lab/tile/0/x001/234.p/44');
  });
});
