import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeFunctionData } from 'viem/utils';
import { validatorsAbi } from '../../bindings/generated/validatorsAbi.ts';
import type { Outgoing } from '../../ledger/openSender.ts';
import type { Presence } from './Presence.ts';
import { returnToWork } from './returnToWork.ts';

const key = `0x${'5a'.repeat(32)}` as const;
const contract = `0x${'11'.repeat(20)}` as const;
const own = { organisation: 'hospital', key, power: 0, missed: 0, aside: true, out: false };
const numbers = { height: 7, behind: false, peers: 3, window: 10_000, mostMissed: 9500 };

async function sent(presence: Presence | undefined): Promise<readonly Outgoing[]> {
  const outgoing: Outgoing[] = [];
  const sender = {
    send: async (each: Outgoing) => {
      outgoing.push(each);
      return await Promise.resolve({} as never);
    },
  };
  const log = { info: () => undefined };
  await returnToWork({ validator: { key, presence }, contract, sender, log });
  return outgoing;
}

describe('the return of a validator that was set aside', () => {
  it('is asked for once it is in step', async () => {
    const [first, ...more] = await sent({ ...numbers, validators: [own] });
    assert.ok(first !== undefined && more.length === 0);
    assert.equal(first.to, contract);
    const { functionName, args } = decodeFunctionData({ abi: validatorsAbi, data: first.data });
    assert.deepEqual([functionName, args], ['returnToWork', [[key]]]);
  });

  for (const [what, presence] of Object.entries({
    'it told nothing yet': undefined,
    'it fetches blocks': { ...numbers, behind: true, validators: [own] },
    'it works': { ...numbers, validators: [{ ...own, aside: false }] },
    'it is out for good': { ...numbers, validators: [{ ...own, out: true }] },
    'it is another’s': {
      ...numbers,
      validators: [{ ...own, key: `0x${'a5'.repeat(32)}` as const }],
    },
    'it has no stake': { ...numbers, validators: [] },
  })) {
    it(`is not asked for if ${what}`, async () => {
      assert.deepEqual(await sent(presence), []);
    });
  }
});
