import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../../src/database/test/MemoryDatabase.ts';
import { readHead } from '../../../src/bindings/readHead.ts';
import type { LedgerProvider } from '../../../src/bindings/LedgerProvider.ts';
import { bytesToHex } from '../../../src/crypto/bytes.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import { connectJsonRpc } from '../../../src/ledger/connectJsonRpc.ts';
import { isRpcError } from '../../../src/ledger/isRpcError.ts';
import { openSender } from '../../../src/ledger/openSender.ts';
import { signTransaction } from '../../../src/ledger/signTransaction.ts';
import { primitives, signatory } from '../../../src/protocol/test/sampleNetwork.ts';
import { FaultPlan } from '../FaultPlan.ts';
import { Scheduler } from '../Scheduler.ts';
import { SimulatedValidators } from './SimulatedValidators.ts';
import { validatorFetch } from './validatorFetch.ts';
import { ValidatorPlan } from './ValidatorPlan.ts';

const BEGIN = 1_800_000_000;
const CHAIN_ID = 31_337;
const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
const SETTING = { organisations: NAMES, threshold: 3, faulty: 1 } as const;
const keys = new Map(NAMES.map((name) => [name, signatory(`sender of ${name}`)]));

/** A plan without chance: only what a test changes goes wrong. */
class QuietPlan extends ValidatorPlan {
  readonly leftOut = new Set<string>();
  readonly lags = new Map<string, number>();
  first: ReturnType<ValidatorPlan['early']>;

  override leavesOut(proposer: string, sender: string): boolean {
    return this.leftOut.has(`${proposer} ${sender}`);
  }
  override lag(organisation: string): number {
    return this.lags.get(organisation) ?? 5;
  }
  override early(): ReturnType<ValidatorPlan['early']> {
    return this.first;
  }
  override absence(): undefined {
    return undefined;
  }
}

let scheduler: Scheduler;
let plan: QuietPlan;
let validators: SimulatedValidators;

beforeEach(async () => {
  scheduler = new Scheduler(1000 * BEGIN);
  plan = new QuietPlan('validators', NAMES);
  const senders = [...keys.values()].map(({ address }) => address);
  validators = await SimulatedValidators.open({
    database: new MemoryDatabase(),
    chainId: CHAIN_ID,
    genesis: { timestamp: BEGIN, senders },
    primitives,
    name: 'medseal-test',
    scheduler,
    faults: new FaultPlan('validators', SETTING),
    plan,
    accounts: new Map([...keys].map(([name, { address }]) => [name, address])),
  });
  await pass(3000);
  // Otherwise those that are away come back at the next turn.
  plan.calm = false;
});

async function pass(milliseconds: number): Promise<void> {
  await scheduler.until(scheduler.sleep(milliseconds));
}

async function connect(name: string): Promise<LedgerProvider> {
  const fetch = validatorFetch(validators.of(name), scheduler, async () => await Promise.resolve());
  const at = { url: 'http://validator', clock: scheduler.clock(), primitives, fetch };
  return await scheduler.until(connectJsonRpc({ ...at, chainId: CHAIN_ID, chain: 'medseal-test' }));
}

/** Sends nothing to itself, and returns the call's answer. */
async function send(name: (typeof NAMES)[number], nonce = 0): Promise<unknown> {
  const { address, signingKey } = keys.get(name) ?? assert.fail();
  const nothing = { chainId: CHAIN_ID, nonce, fee: 0n, gas: 21_000, to: address } as const;
  const raw = bytesToHex(signTransaction({ ...nothing, data: '0x' }, signingKey, primitives));
  const ledger = await connect(name);
  return await ledger.request({ method: 'eth_sendRawTransactionSync', params: [raw] });
}

async function heightAt(name: string): Promise<number | undefined> {
  return (await scheduler.until(readHead(await connect(name))))?.number;
}

describe('a simulated ledger of four validators', () => {
  it('answers a sender once the block is final, and every node then has it', async () => {
    const { blockNumber } = (await scheduler.until(send('hospital'))) as { blockNumber: string };
    await pass(20);
    for (const name of NAMES) {
      assert.ok(((await heightAt(name)) ?? 0) >= Number(blockNumber), name);
    }
  });

  it('refuses a sender without a validator at once', async () => {
    const stranger = signatory('stranger');
    const ledger = await connect('hospital');
    const options = { primitives, clock: scheduler.clock(), chainId: CHAIN_ID, provider: ledger };
    const sending = openSender({ ...options, secret: stranger.signingKey }).send({
      to: stranger.address,
      data: '0x',
      gas: 21_000,
    });
    sending.catch(() => undefined);
    await assert.rejects(scheduler.until(sending), (error) => isRpcError(error, [-32003]));
  });

  it('goes on while one is away, stands still while two are, and then takes what waited', async () => {
    validators.of('pharmacy').leave('down');
    await scheduler.until(send('hospital'));
    validators.of('insurer').leave('down');
    const before = await heightAt('hospital');
    const late = send('hospital', 1);
    late.catch(() => undefined);
    await assert.rejects(scheduler.until(late), (error) => isRpcError(error, [4]));
    assert.ok(((await heightAt('hospital')) ?? 0) <= (before ?? 0) + 1);
    validators.of('insurer').come(0);
    await pass(15_000);
    const count = { method: 'eth_getTransactionCount' };
    const params = [keys.get('hospital')?.address, 'latest'];
    assert.equal(await validators.request({ ...count, params }), '0x2');
  });

  it('takes what one proposer leaves out in the turn of another, and not while all leave it out', async () => {
    const others = NAMES.filter((name) => name !== 'hospital');
    for (const name of ['hospital', ...others]) plan.leftOut.add(`${name} hospital`);
    const refused = send('hospital');
    refused.catch(() => undefined);
    await assert.rejects(scheduler.until(refused), (error) => isRpcError(error, [4]));
    plan.leftOut.clear();
    for (const name of others.slice(1)) plan.leftOut.add(`${name} laboratory`);
    await scheduler.until(send('laboratory'));
  });

  it('shows a node that is behind older blocks than the others', async () => {
    plan.lags.set('insurer', 5000);
    await pass(4000);
    const [ahead, behind] = [await heightAt('hospital'), await heightAt('insurer')];
    assert.ok((ahead ?? 0) > (behind ?? 0), `${ahead} and ${behind}`);
  });

  it('gives back a node whose copy is older, which then catches up', async () => {
    await pass(5000);
    const insurer = validators.of('insurer');
    const before = insurer.height;
    insurer.leave('down');
    await assert.rejects(connect('insurer'), (error) =>
      isMedsealError(error, 'LEDGER_UNREACHABLE'),
    );
    insurer.come(3);
    assert.equal(insurer.height, before - 3);
    await pass(5000);
    assert.ok(insurer.height >= before);
  });

  it('has callers wait for a node that stands still, for as long as they will', async () => {
    const ledger = await connect('insurer');
    validators.of('insurer').leave('hung');
    const before = scheduler.now;
    await assert.rejects(scheduler.until(readHead(ledger)), (error) =>
      isMedsealError(error, 'LEDGER_UNREACHABLE'),
    );
    assert.equal(scheduler.now - before, 15_000);
  });

  it('can tell a number before its block, and a block before its state', async () => {
    const ledger = await connect('hospital');
    const ask = async (method: string, ...params: unknown[]): Promise<unknown> =>
      await scheduler.until(ledger.request({ method, params }));
    const hospital = validators.of('hospital');
    plan.first = { kind: 'number', by: 500 };
    while (hospital.told === hospital.height) await pass(10);
    assert.equal(await ask('eth_blockNumber'), `0x${hospital.told.toString(16)}`);
    assert.equal(await ask('eth_getBlockByNumber', 'latest', false), null);
    const range = { fromBlock: '0x1', toBlock: `0x${hospital.told.toString(16)}` };
    await assert.rejects(ask('eth_getLogs', range), (error) => isRpcError(error, [-32000]));
    plan.first = { kind: 'block', by: 500 };
    const sent = await scheduler.until(send('hospital'));
    assert.notEqual(sent, null);
    const account = keys.get('hospital')?.address;
    assert.equal(await ask('eth_getTransactionCount', account, 'latest'), '0x0');
    await pass(600);
    assert.equal(await ask('eth_getTransactionCount', account, 'latest'), '0x1');
  });
});
