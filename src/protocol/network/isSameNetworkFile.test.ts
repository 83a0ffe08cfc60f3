import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSameNetworkFile } from './isSameNetworkFile.ts';
import { network } from '../test/sampleNetwork.ts';

it('takes one network file for the same however it is spelt, and no other for it, of whatever network id', () => {
  const { format, ...rest } = structuredClone(network);
  assert.equal(isSameNetworkFile(network, { ...rest, format }), true);
  for (const other of [
    undefined,
    null,
    'text',
    { networkId: network.networkId },
    { ...network, demo: false },
    { ...network, note: '\ud800' },
    { ...network, note: undefined, authority: { ...network.authority, threshold: 3 } },
  ]) {
    assert.equal(isSameNetworkFile(network, other), false);
  }
});
