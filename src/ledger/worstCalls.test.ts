import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MemoryLevel } from 'memory-level';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { systemClock as clock } from '../folder/systemClock.ts';
import type { Hex } from '../protocol/ids.ts';
import { rebuildLedger } from './examine/rebuildLedger.ts';
import { addressOf, SECRETS } from './ledger.cases.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from './openEmbeddedLedger.ts';
import { openSender, type Sender } from './openSender.ts';
import { assemble } from './test/assemble.ts';
import { get, probe, spin } from './test/probe.ts';
import { worstLoops } from './test/worstCalls.ts';

const chainId = 4242;
/** Every precompile of the rules that the ledger runs. */
const PRECOMPILES = [...Array.from({ length: 17 }, (_, at) => at + 1), 0x100];

/** Code that calls a precompile and returns, in a word, whether that succeeded. */
function tries(address: number): Hex {
  return assemble(`32 0 32 0 ${address} 50000 STATICCALL 0 MSTORE 32 0 RETURN`).runtime;
}

describe('a call that takes as long as it can', () => {
  const database = new MemoryLevel();
  let ledger: EmbeddedLedger;
  let sender: Sender;
  let contract: Hex;
  before(async () => {
    ledger = await openEmbeddedLedger({
      database,
      chainId,
      genesis: { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) },
      clock,
    });
    sender = openSender({ provider: ledger, chainId, clock, primitives, secret: SECRETS[0] });
    const made = await sender.send({ data: probe.creation, gas: 500_000 });
    contract = made.contract ?? assert.fail('no contract');
  });
  after(async () => {
    await ledger.close();
  });

  async function call(params: object): Promise<unknown> {
    return await ledger.request({ method: 'eth_call', params: [params, 'latest'] });
  }

  for (const address of PRECOMPILES) {
    const runs = [1, 2, 4].includes(address);
    it(`${runs ? 'runs' : 'fails at'} the precompile at ${address}`, async () => {
      assert.equal(BigInt((await call({ data: tries(address) })) as Hex), runs ? 1n : 0n);
      const to = `0x${address.toString(16).padStart(40, '0')}`;
      const direct = call({ to, data: '0x', gas: '0xffff' });
      if (runs) await direct;
      else await assert.rejects(direct, /out of gas/);
    });
  }

  // @attack one call stops the ledger's process: a precompile | only three run; the others fail
  it('fails in a block at what it fails at in a call, and again when the block is run again', async () => {
    const refused = sender.send({
      to: '0x0000000000000000000000000000000000000009',
      data: `0x00000010${'00'.repeat(208)}01`,
      gas: 100_000,
    });
    await assert.rejects(refused, /out of gas/);
    assert.equal(await rebuildLedger({ database, chainId, primitives }), 0);
  });

  for (const [name, code] of Object.entries(worstLoops())) {
    it(`lets everything else take its turn: ${name}`, async () => {
      const ended = new AbortController();
      const done = call({ data: code, gas: '0x40000' })
        .catch((error: unknown) => assert.match(String(error), /out of gas/))
        .finally(() => ended.abort());
      let turns = 0;
      for (; !ended.signal.aborted; turns += 1) await setImmediate();
      await done;
      assert.ok(turns >= 3, `${turns} turns`);
    });
  }

  // @attack long calls keep short ones waiting | what used least goes next
  it('does not keep a short call waiting, nor a block', async () => {
    let running = 8;
    const long = Array.from({ length: running }, async () => {
      await assert.rejects(call({ to: contract, data: spin(), gas: '0x20000' }), /out of gas/);
      running -= 1;
    });
    await setImmediate();
    for (let each = 0; each < 20; each++) await call({ to: contract, data: get(1n) });
    await sender.send({ to: contract, data: get(1n), gas: 100_000 });
    assert.equal(running, 8);
    await Promise.all(long);
  });

  // @attack one call stops the ledger's process: dear opcodes | slices by what was used
  it('lets everything else take its turn while it is a transaction in a block', async () => {
    const ended = new AbortController();
    const done = assert
      .rejects(sender.send({ to: contract, data: spin(), gas: 200_000 }), /out of gas/)
      .finally(() => ended.abort());
    let turns = 0;
    for (; !ended.signal.aborted; turns += 1) await setImmediate();
    await done;
    assert.ok(turns >= 20, `${turns} turns`);
  });
});
