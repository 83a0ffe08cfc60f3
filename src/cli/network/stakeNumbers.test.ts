import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeFunctionData, encodeFunctionResult, type Hex } from 'viem';
import { validatorsAbi } from '../../bindings/generated/validatorsAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { consortium, movedTerms, stakedSuccessor } from '../../protocol/test/sampleConsortium.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { stakeNumbers } from './stakeNumbers.ts';

const joins = word('validator of pharmacy');
const leaves = word('validator of hospital');
const stays = word('validator of insurer');
const terms = movedTerms(consortium, ['pharmacy'], ['hospital']);
const successor = stakedSuccessor(consortium, terms, ['laboratory', 'insurer']);

/** A ledger that began so many changes of each key's stake. */
function began(changes: Readonly<Record<Hex, bigint>>): LedgerProvider {
  return {
    request: async ({ method, params = [] }) => {
      assert.equal(method, 'eth_call');
      const { data } = params[0] as { readonly data: Hex };
      const { functionName, args } = decodeFunctionData({ abi: validatorsAbi, data });
      const [key] = args as readonly [Hex];
      const result =
        functionName === 'changeOf'
          ? (changes[key] ?? 0n)
          : { organisation: ZERO32, key, amount: 0n };
      return await Promise.resolve(
        encodeFunctionResult({ abi: validatorsAbi, functionName, result }),
      );
    },
  };
}

describe('numbers of changes of stakes', () => {
  it('follow those of known successors', async () => {
    const numbers = await stakeNumbers([joins, leaves, stays], consortium, [successor]);
    assert.deepEqual([...numbers.values()], [2, 2, 1]);
  });

  it('follow what the ledger began, also for a change that was dropped', async () => {
    const ledger = began({ [joins]: 3n, [stays]: 1n });
    const all = [joins, leaves, stays];
    const dropped = await stakeNumbers(all, consortium, [], ledger);
    assert.deepEqual([...dropped.values()], [4, 1, 2]);
    const both = await stakeNumbers(all, consortium, [successor], ledger);
    assert.deepEqual([...both.values()], [4, 2, 2]);
  });

  it('begin with one where the ledger has no validators', async () => {
    const { validators: _validators, ...contracts } = consortium.contracts;
    const numbers = await stakeNumbers([joins], { contracts }, [], began({ [joins]: 3n }));
    assert.deepEqual([...numbers.values()], [1]);
  });
});
