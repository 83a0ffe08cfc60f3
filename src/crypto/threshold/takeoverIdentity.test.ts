import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../bytes.ts';
import { recordIdentity } from './recordIdentity.ts';
import { takeoverIdentity } from './takeoverIdentity.ts';

const of = {
  networkId: new Uint8Array(32).fill(1),
  channel: 'care',
  keyId: new Uint8Array(32).fill(2),
  handle: new Uint8Array(32).fill(3),
};

describe('the identity of a takeover', () => {
  it('differs by network, channel, key, chart and number', () => {
    const others = [
      { ...of, number: 1 },
      { ...of, number: 2 },
      { ...of, number: 1, channel: 'research' },
      { ...of, number: 1, networkId: new Uint8Array(32) },
      { ...of, number: 1, keyId: new Uint8Array(32) },
      { ...of, number: 1, handle: new Uint8Array(32) },
    ];
    const identities = others.map((each) => bytesToHex(takeoverIdentity(each)));
    assert.equal(new Set(identities).size, others.length);
  });

  it('is that of no record, whatever its author calls the record', () => {
    const takeover = bytesToHex(takeoverIdentity({ ...of, number: 1 }));
    for (const record of [
      new Uint8Array(32),
      new Uint8Array(0),
      utf8ToBytes('medseal/takeover/1'),
    ]) {
      assert.notEqual(bytesToHex(recordIdentity({ ...of, record, version: 1 })), takeover);
    }
  });
});
