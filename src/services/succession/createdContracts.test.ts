import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toEventSelector, toFunctionSelector } from 'viem/utils';
import { createdAddress } from '../../bindings/contractCreations.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { quantityOf } from '../../bindings/quantityOf.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { findCreations } from './findCreations.ts';
import { isUsed } from './isUsed.ts';

const HOSPITAL: Address = `0x${'a1'.repeat(20)}`;
const LABORATORY: Address = `0x${'b2'.repeat(20)}`;
const STRANGER: Address = `0x${'c3'.repeat(20)}`;
const CONTRACT: Address = `0x${'d4'.repeat(20)}`;
const HEAD = 100_000;
const ACCOUNTS = [
  { organisation: 'hospital', sender: HOSPITAL },
  { organisation: 'laboratory', sender: LABORATORY },
];

/** State of a ledger of validators. */
interface Stood {
  /** Block that created the contract. */
  readonly created: number;
  /** Oldest block whose state it keeps; 0 if absent. */
  readonly oldest?: number;
  /** Blocks with a log of the contract, by the signature of its event. */
  readonly logs?: Readonly<Record<number, string>>;
}

/** A ledger of validators, and the first block from which logs were asked. */
function ledgerWith({ created, oldest = 0, logs = {} }: Stood): LedgerProvider & {
  readonly asked: readonly number[];
} {
  const asked: number[] = [];
  return {
    asked,
    request: async ({ method, params = [] }) => {
      const [first, second] = params as [unknown, string];
      if (method === 'eth_getBlockByNumber')
        return { number: quantityOf(HEAD), timestamp: quantityOf(1) };
      if (method === 'eth_getCode') {
        if (Number(second) < oldest) throw new MedsealError('LEDGER_UNREACHABLE', {});
        return await Promise.resolve(Number(second) < created ? '0x' : '0x60');
      }
      if (method !== 'eth_getLogs') throw new Error(method);
      const { fromBlock, toBlock } = first as Record<string, string>;
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      asked.push(from);
      return Object.entries(logs).flatMap(([block, topic]) => {
        if (Number(block) < from || Number(block) > to) return [];
        return [logOf(Number(block), topic)];
      });
    },
  };
}

function logOf(block: number, event: string): unknown {
  const isRefusal = event === REFUSED;
  const error = toFunctionSelector('RoleUnfit()').slice(2).padEnd(64, '0');
  return {
    address: CONTRACT,
    topics: isRefusal ? [event, `0x${'0'.repeat(64)}`] : [event],
    data: isRefusal ? `0x${error}` : '0x',
    blockNumber: quantityOf(block),
    transactionHash: word('transaction'),
    logIndex: '0x0',
  };
}

const refused = registryAbi.find((item) => item.type === 'event' && item.name === 'Refused');
const REFUSED = refused?.type === 'event' ? toEventSelector(refused) : assert.fail();
const OTHER = toEventSelector('Approval(address,address,uint256)');

describe('a contract that a successor is to add, on a ledger of validators', () => {
  it('is not used if it has logged nothing since its creation, whose block is found by few questions', async () => {
    for (const created of [1, 2, 77_777, HEAD]) {
      const ledger = ledgerWith({ created, logs: { [created - 1]: OTHER } });
      assert.equal(await isUsed(ledger, CONTRACT), false, String(created));
      assert.equal(ledger.asked[0], created);
    }
  });

  it('is not used by requests that it refused', async () => {
    const ledger = ledgerWith({ created: 50, logs: { 60: REFUSED, 61: REFUSED } });
    assert.equal(await isUsed(ledger, CONTRACT), false);
  });

  it('is used once it logged anything else, known to this version or not', async () => {
    for (const block of [50, 51, HEAD]) {
      const ledger = ledgerWith({ created: 50, logs: { 60: REFUSED, [block]: OTHER } });
      assert.equal(await isUsed(ledger, CONTRACT), true, String(block));
    }
  });

  it('counts as used if it is older than the oldest state that the ledger keeps', async () => {
    assert.equal(await isUsed(ledgerWith({ created: 50, oldest: 60 }), CONTRACT), true);
    assert.equal(await isUsed(ledgerWith({ created: 50, oldest: 40 }), CONTRACT), false);
    assert.equal(await isUsed(ledgerWith({ created: 50, oldest: HEAD + 1 }), CONTRACT), true);
  });
});

describe('the creation of a contract that a successor is to add', () => {
  const counts = new Map<unknown, number>([
    [HOSPITAL, 30_000],
    [LABORATORY, 3],
    [STRANGER, 5],
  ]);
  const ledger: LedgerProvider = {
    request: async ({ params = [] }) =>
      await Promise.resolve(quantityOf(counts.get(params[0]) ?? 0)),
  };

  const source = { ledger, primitives };

  it('is found by account and nonce', async () => {
    const claims = createdAddress(LABORATORY, 2);
    const settlement = createdAddress(HOSPITAL, 29_000);
    assert.deepEqual(await findCreations(source, { claims, settlement }, ACCOUNTS), [
      { contract: 'settlement', organisation: 'hospital', sender: HOSPITAL, nonce: 29_000 },
      { contract: 'claims', organisation: 'laboratory', sender: LABORATORY, nonce: 2 },
    ]);
  });

  it('is refused if the sender is a stranger, the nonce is to come or long gone, or another contract made it', async () => {
    for (const [account, nonce] of [
      [STRANGER, 4],
      [LABORATORY, 3],
      [HOSPITAL, 9999],
      [createdAddress(HOSPITAL, 5), 1],
    ] as const) {
      const claims = createdAddress(account, nonce);
      await assert.rejects(
        findCreations(source, { claims, settlement: createdAddress(LABORATORY, 1) }, ACCOUNTS),
        failsWith('SUCCESSOR_INVALID'),
      );
    }
  });
});
