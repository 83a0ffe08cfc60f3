import assert from 'node:assert/strict';
import { it } from 'node:test';
import { costOf } from './costOf.ts';

it('counts a successor that anybody sends as 64 requests, and a question about them as one', () => {
  assert.equal(costOf('POST', '/hospital/v1/successors'), 64);
  assert.equal(costOf('GET', '/hospital/v1/successors'), 1);
  assert.equal(costOf('GET', '/hospital/v1/blocks'), 4);
  assert.equal(costOf('POST', '/hospital/v1/facts'), 8);
});

it('counts what every organisation verifies for anybody as eight requests, and reading a card as one', () => {
  const party = `/hospital/v1/parties/0x${'ab'.repeat(20)}`;
  assert.equal(costOf('PUT', party), 8);
  assert.equal(costOf('GET', party), 1);
  for (const path of ['applications', 'key-changes', 'suspensions']) {
    assert.equal(costOf('POST', `/hospital/v1/${path}`), 8, path);
  }
});

it('counts a page of signed letters or rights as 16 requests, and a letter as one', () => {
  assert.equal(costOf('POST', '/hospital/v1/rights'), 16);
  assert.equal(costOf('POST', '/hospital/v1/letters/collect'), 16);
  assert.equal(costOf('POST', '/hospital/v1/letters'), 1);
});
