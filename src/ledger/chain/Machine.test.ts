import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEVM } from '@ethereumjs/evm';
import { SimpleStateManager } from '@ethereumjs/statemanager';
import { createAddressFromString, createAccount, hexToBytes } from '@ethereumjs/util';
import { MemoryLevel } from 'memory-level';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { get, nested, probe, refuse, set } from '../test/probe.ts';
import { StateSource } from '../state/StateSource.ts';
import { LedgerState } from '../state/LedgerState.ts';
import { LedgerStore } from '../store/LedgerStore.ts';
import { EMPTY_ROOT } from '../trie/sealTrie.ts';
import { createCommon } from './createCommon.ts';
import { interpreterPrototype, type InterpreterParts } from './interpreterPrototype.ts';
import { Machine } from './Machine.ts';

const common = createCommon(4242, portablePrimitives);
const address = createAddressFromString(`0x${'c0'.repeat(20)}`);

async function openMachine(): Promise<Machine> {
  const source = new StateSource(new LedgerStore(new MemoryLevel()), portablePrimitives);
  return await Machine.create(
    new LedgerState(source, EMPTY_ROOT),
    common,
    () => new Uint8Array(32),
  );
}

describe('the machine', () => {
  it('runs calls as the library does by itself: same answers, gas and logs', async () => {
    const machine = await openMachine();
    const plain = await createEVM({ common, stateManager: new SimpleStateManager({ common }) });
    const run = async (data: `0x${string}`) => {
      const options = { to: address, data: hexToBytes(data), gasLimit: 500_000n };
      const ours = await machine.call(options);
      plain.journal.cleanJournal();
      const { execResult: theirs } = await plain.runCall({ ...options, skipBalance: true });
      const shape = ({ returnValue, executionGasUsed, exceptionError, logs }: typeof ours) => ({
        returnValue,
        executionGasUsed,
        error: exceptionError?.error,
        logs,
      });
      assert.deepEqual(shape(ours), shape(theirs));
    };
    for (const state of [machine.state, plain.stateManager]) {
      await state.putAccount(address, createAccount({ nonce: 1n }));
      await state.putCode(address, hexToBytes(probe.runtime));
    }
    for (let round = 0n; round < 3n; round++) {
      await run(set(round, 7n));
      await run(set(0n, round));
      await run(nested(5n, round));
      await run(get(round));
      await run(refuse('0x12345678'));
      await run('0x');
    }
  });

  it('has the method of the library that is altered to let others take their turn', async () => {
    assert.equal(typeof (await interpreterPrototype()).runStep, 'function');
  });

  it('analyses the jumps of code once, which the version of the library in use allows', async () => {
    await openMachine();
    const interpreter = Object.create(await interpreterPrototype(), {
      lookupOpInfo: { value: () => ({}) },
      common: { value: common },
    }) as Required<InterpreterParts>;
    const code = hexToBytes(probe.runtime);
    const analysis = interpreter._getValidJumpDestinations(code);
    assert.equal(interpreter._getValidJumpDestinations(code), analysis);
    assert.notEqual(interpreter._getValidJumpDestinations(code.slice()), analysis);
  });
});
