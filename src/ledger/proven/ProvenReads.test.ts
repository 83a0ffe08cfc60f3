import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LightLedger } from '../../consortium/LightLedger.ts';
import { vectors } from '../../consortium/test/vectors.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { systemClock } from '../../folder/systemClock.ts';
import type { Hex } from '../../protocol/ids.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { ProvenReads } from './ProvenReads.ts';
import { withoutRefusals } from './withoutRefusals.ts';

/** Code that refuses with one byte, and code that takes everything. */
const [REFUSES, TAKES] = ['0x60aa60005360016000fd', '0x00'] as const;
const call = { from: vectors.contract, to: vectors.contract, data: '0x' };

/** Asks for an estimate of somebody who says at first, or ever, that the contract refused with 0xbb. */
async function estimate(
  codes: Readonly<Record<number, Hex>>,
  heads: number[],
  refusals = Infinity,
): Promise<unknown> {
  let asked = 0;
  let head = heads[0] ?? 0;
  const light = {
    verifiedHead: async () => await Promise.resolve({ height: (head = heads.shift() ?? head) }),
    verifiedHeader: async () => await Promise.resolve({ header: { time: { seconds: 1000 } } }),
    verifiedCode: async (_: unknown, height: number) =>
      await Promise.resolve(hexToBytes(codes[height] ?? TAKES)),
  };
  const said = new LedgerRejection(3, 'execution reverted', '0xbb');
  const reads = new ProvenReads({
    light: light as unknown as LightLedger,
    plain: withoutRefusals({
      request: async () =>
        await (++asked > refusals ? Promise.resolve('0x5208') : Promise.reject(said)),
    }),
    chainId: 4242,
    primitives,
    clock: systemClock,
    timeout: 1000,
  });
  return await reads.method('eth_estimateGas')?.([call]);
}

describe('ProvenReads', () => {
  it('tells a refusal as the contract itself gives it, by the newest state or the head’s', async () => {
    const refusal = { code: 'LEDGER_REJECTED', data: '0xaa' };
    await assert.rejects(estimate({ 6: REFUSES }, [7]), refusal);
    await assert.rejects(estimate({ 7: REFUSES }, [7, 7, 8]), refusal);
  });

  // @attack an endpoint says that a contract refuses what a node is about to send, and the party hears it as the rules' answer | the reader runs the call itself, and tells what its own run gives
  it('believes no refusal that the contract does not give', async () => {
    await assert.rejects(estimate({}, [7, 7, 8]), { code: 'LEDGER_UNPROVEN' });
    await assert.rejects(estimate({ 5: REFUSES, 8: REFUSES }, [7, 7, 8]), {
      code: 'LEDGER_UNPROVEN',
    });
  });

  it('asks once more if a block since then has healed what was refused, before it calls the endpoint a liar', async () => {
    assert.equal(await estimate({}, [7, 7, 8], 1), '0x5208');
    await assert.rejects(estimate({}, [7, 7, 8], 2), { code: 'LEDGER_UNPROVEN' });
  });
});
