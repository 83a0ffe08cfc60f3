import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Account, createAddressFromString } from '@ethereumjs/util';
import { MerkleStateManager } from '@ethereumjs/statemanager';
import * as fc from 'fast-check';
import { MemoryLevel } from 'memory-level';
import { bytesToHex } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { LedgerStore } from '../store/LedgerStore.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';
import { LedgerState } from './LedgerState.ts';
import { StateSource } from './StateSource.ts';

const addresses = ['11', '22', '33'].map((pair) => createAddressFromString(`0x${pair.repeat(20)}`));
const slots = [1, 2, 3].map((last) => new Uint8Array(32).fill(last, 31));

const nothing = fc.constant({});
const place = fc.record({
  address: fc.constantFrom(...addresses),
  slot: fc.constantFrom(...slots),
});
const step = fc.oneof(
  fc.tuple(fc.constant('account' as const), fc.record({ nonce: fc.bigInt(1n, 9n) })),
  fc.tuple(fc.constant('slot' as const), fc.record({ value: fc.uint8Array({ maxLength: 32 }) })),
  fc.tuple(fc.constant('code' as const), fc.record({ value: fc.uint8Array({ maxLength: 4 }) })),
  fc.tuple(fc.constant('delete' as const), nothing),
  fc.tuple(fc.constant('checkpoint' as const), nothing),
  fc.tuple(fc.constant('commit' as const), nothing),
  fc.tuple(fc.constant('revert' as const), nothing),
);
const steps = fc.array(fc.tuple(step, place), { maxLength: 40 });

type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never;

/** Does the same to a state, of ours or of the library. */
async function apply(
  state: LedgerState | MerkleStateManager,
  [[what, values], { address, slot }]: Step,
  depth: number,
): Promise<number> {
  const value = 'value' in values ? values.value : new Uint8Array();
  switch (what) {
    case 'account': {
      const account = (await state.getAccount(address)) ?? new Account();
      account.nonce = 'nonce' in values ? values.nonce : 1n;
      await state.putAccount(address, account);
      return depth;
    }
    case 'slot':
      if (await state.getAccount(address)) await state.putStorage(address, slot, value);
      return depth;
    case 'code':
      if (await state.getAccount(address)) await state.putCode(address, value);
      return depth;
    case 'delete':
      if (await state.getAccount(address)) {
        // The library keeps the storage of an account that is deleted and made again, unless it is told.
        await state.clearStorage(address);
        await state.deleteAccount(address);
      }
      return depth;
    case 'checkpoint':
      await state.checkpoint();
      return depth + 1;
    case 'commit':
      if (depth > 0) await state.commit();
      return Math.max(0, depth - 1);
    case 'revert':
      if (depth > 0) await state.revert();
      return Math.max(0, depth - 1);
  }
}

async function open(): Promise<{ store: LedgerStore; source: StateSource }> {
  const database = new MemoryLevel();
  await database.open();
  const store = new LedgerStore(database);
  return { store, source: new StateSource(store, portablePrimitives) };
}

describe('the state', () => {
  it('reaches the root and the values that the library’s state reaches, whatever is done', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const ours = new LedgerState((await open()).source, EMPTY_ROOT);
        const theirs = new MerkleStateManager();
        let depth = 0;
        for (const one of all) {
          await apply(theirs, one, depth);
          depth = await apply(ours, one, depth);
        }
        while (depth-- > 0) {
          await ours.commit();
          await theirs.commit();
        }
        for (const address of addresses) {
          const [a, b] = [await ours.getAccount(address), await theirs.getAccount(address)];
          assert.equal(a?.nonce, b?.nonce);
          assert.deepEqual(a?.codeHash, b?.codeHash);
          assert.deepEqual(await ours.getCode(address), await theirs.getCode(address));
          for (const slot of slots) {
            assert.deepEqual(
              await ours.getStorage(address, slot),
              await theirs.getStorage(address, slot),
            );
          }
        }
        assert.equal(bytesToHex(ours.seal().root), bytesToHex(await theirs.getStateRoot()));
      }),
      { numRuns: 200 },
    );
  });

  it('is read the same from its nodes on disk, and from those at hand', async () => {
    const { store, source: kept } = await open();
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const state = new LedgerState(kept, EMPTY_ROOT);
        for (const one of all)
          if (!['checkpoint', 'commit', 'revert'].includes(one[0][0])) await apply(state, one, 0);
        const sealed = state.seal();
        await store.write({
          number: 1,
          hash: sealed.root,
          block: new Uint8Array(),
          receipts: [],
          transactions: [],
          nodes: sealed.nodes,
          codes: sealed.codes,
        });
        sealed.adopt();
        for (const read of [kept, new StateSource(store, portablePrimitives)]) {
          const again = new LedgerState(read, sealed.root);
          for (const address of addresses) {
            assert.equal(
              (await again.getAccount(address))?.nonce,
              (await state.getAccount(address))?.nonce,
            );
            assert.deepEqual(await again.getCode(address), await state.getCode(address));
            for (const slot of slots) {
              assert.deepEqual(
                await again.getStorage(address, slot),
                await state.getStorage(address, slot),
              );
            }
          }
          assert.deepEqual(again.seal().root, sealed.root);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a root that is not on disk', async () => {
    const state = new LedgerState((await open()).source, EMPTY_ROOT);
    assert.equal(await state.hasStateRoot(new Uint8Array(32).fill(1)), false);
    assert.throws(() => state.reset(new Uint8Array(32).fill(1)), { code: 'INTERNAL' });
  });
});
