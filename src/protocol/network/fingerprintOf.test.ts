import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from './fingerprintOf.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { network, primitives } from '../test/sampleNetwork.ts';

describe('fingerprintOf', () => {
  it('gives each network file a fingerprint of its own, however it is spelt', () => {
    const print = fingerprintOf(primitives, network);
    const { format, ...rest } = JSON.parse(JSON.stringify(network, null, 2)) as NetworkFile;
    assert.equal(fingerprintOf(primitives, { ...rest, format }), print);
    assert.notEqual(fingerprintOf(primitives, { ...network, demo: false }), print);
  });
});
