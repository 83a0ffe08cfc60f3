import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathOfSearch } from './pathOfSearch.ts';

const HASH = 'ab'.repeat(32);
const ADDRESS = 'cd'.repeat(20);

describe('a search in the explorer', () => {
  it('leads to a block, a log, an entry, or to what an address or a hash names', () => {
    for (const [text, path] of [
      ['0', '/explorer/block/0'],
      [' 0042 ', '/explorer/block/42'],
      ['care/hospital', '/explorer/log/care/hospital'],
      ['care/hospital#12', '/explorer/log/care/hospital/12'],
      ['care/hospital # 12', '/explorer/log/care/hospital/12'],
      [`0x${HASH}`, `/explorer/find/0x${HASH}`],
      [HASH.toUpperCase(), `/explorer/find/0x${HASH}`],
      [`0x${ADDRESS}`, `/explorer/find/0x${ADDRESS}`],
    ] as const) {
      assert.equal(pathOfSearch(text), path);
    }
  });

  it('leads nowhere for anything else', () => {
    for (const text of [
      '',
      '-1',
      '1e9',
      '1'.repeat(13),
      '0x',
      `0x${HASH}0`,
      `0x${HASH.slice(1)}`,
      'care/hospital/12',
      '../../v1/network',
      'care/../x',
      'Ana Ferreira',
      '<img src=x onerror=alert(1)>',
    ]) {
      assert.equal(pathOfSearch(text), undefined, text);
    }
  });
});
