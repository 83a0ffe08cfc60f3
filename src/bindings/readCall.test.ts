import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeFunctionData } from 'viem/utils';
import { word } from '../protocol/test/sampleNetwork.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { readCall } from './readCall.ts';

const party = `0x${'Ab'.repeat(20)}` as const;
const data = encodeFunctionData({
  abi: registryAbi,
  functionName: 'finishRecoveries',
  args: [[party.toLowerCase() as typeof party]],
});

describe('the calldata of a transaction', () => {
  it('is decoded by the ABI of the contract that has the function', () => {
    const call = readCall(data);
    assert.deepEqual([call?.contract, call?.name], ['Registry', 'finishRecoveries']);
    assert.deepEqual(
      call?.values.map(({ value }) => value),
      [[party.toLowerCase()]],
    );
  });

  it('is not decoded if it is cut, altered, another contract’s, or no calldata at all', () => {
    for (const other of [
      undefined,
      null,
      7,
      '',
      '0x',
      '0x12',
      data.slice(0, -2),
      data.slice(0, 10),
      `0x00000000${data.slice(10)}`,
      word('something'),
      `${data.slice(0, 10)}${'ff'.repeat(64)}`,
    ]) {
      assert.equal(readCall(other), undefined, String(other));
    }
  });
});
