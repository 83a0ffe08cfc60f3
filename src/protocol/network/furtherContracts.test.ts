import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { furtherContractsOf } from './furtherContracts.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import { failsWith } from '../test/failsWith.ts';
import { network, signatory } from '../test/sampleNetwork.ts';

describe('the care contracts of a network file', () => {
  const { address } = signatory('prescriptions');
  const later = { ...network, contracts: { ...network.contracts, prescriptions: address } };

  it('are absent in a network that was founded before there were any', () => {
    assert.deepEqual(furtherContractsOf(parseNetworkFile(network).contracts), []);
  });

  it('are those that it names', () => {
    assert.deepEqual(furtherContractsOf(parseNetworkFile(later).contracts), ['prescriptions']);
  });

  it('are refused under an address that is not one', () => {
    const file = { ...network, contracts: { ...network.contracts, prescriptions: '0x12' } };
    assert.throws(() => parseNetworkFile(file), failsWith('NETWORK_FILE_INVALID'));
  });
});
