import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cp,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  statfs,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { contractCreations } from '../bindings/contractCreations.ts';
import { encodeBatch } from '../bindings/encodeBatch.ts';
import { validatorsAbi } from '../bindings/generated/validatorsAbi.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { systemClock } from '../folder/systemClock.ts';
import { PRESENCE } from '../node/validator/Presence.ts';
import { isOfShape } from '../protocol/isOfShape.ts';
import { organisationId } from '../protocol/networkLookups.ts';
import type { Address, Bytes32, Hex } from '../protocol/ids.ts';
import { sign } from '../protocol/signing.ts';
import { connectJsonRpc } from './connectJsonRpc.ts';
import { addressOf } from './ledger.cases.ts';
import { openSender, type Sender, type TransactionReceipt } from './openSender.ts';
import { get, probe, set, spin, words } from './test/probe.ts';
import { engineMissing, startEngines, type Engines, type TestEngine } from './test/startEngines.ts';

const CHAIN = 4242;
const primitives = portablePrimitives;
const secretOf = (number: number): Uint8Array => {
  const secret = new Uint8Array(32).fill(9);
  secret[31] = number;
  return secret;
};
const founders = [1, 2, 3, 4].map((number) => addressOf(secretOf(number)));
const stranger = secretOf(200);

async function connect({ url }: TestEngine): Promise<LedgerProvider> {
  return await connectJsonRpc({ url, chainId: CHAIN, clock: systemClock });
}

async function senderAt(
  engine: TestEngine,
  secret: Uint8Array,
  patience?: number,
): Promise<Sender> {
  const provider = await connect(engine);
  const options = { provider, chainId: CHAIN, clock: systemClock, primitives, secret };
  return openSender(patience === undefined ? options : { ...options, patience });
}

/** Asks a validator's consensus. */
async function ask<T>(engine: TestEngine, path: string): Promise<T> {
  const answer = await fetch(`${engine.blocks}/${path}`, { signal: AbortSignal.timeout(5_000) });
  return ((await answer.json()) as { result: T }).result;
}

interface Status {
  readonly sync_info: { readonly latest_block_height: string };
  readonly validator_info: { readonly address: string };
}
interface Header {
  readonly header: { readonly app_hash: string; readonly last_block_id: { readonly hash: string } };
}
interface Powers {
  readonly validators: readonly { readonly address: string; readonly voting_power: string }[];
}
interface Commit {
  readonly signed_header: {
    readonly commit: { readonly signatures: readonly { readonly validator_address: string }[] };
  };
}

async function heightOf(engine: TestEngine): Promise<number> {
  return Number((await ask<Status>(engine, 'status')).sync_info.latest_block_height);
}

async function validatorOf(engine: TestEngine): Promise<string> {
  return (await ask<Status>(engine, 'status')).validator_info.address;
}

/** The power of each validator, by its address. */
async function powersAt(engine: TestEngine): Promise<Readonly<Record<string, number>>> {
  const { validators } = await ask<Powers>(engine, 'validators');
  return Object.fromEntries(validators.map((each) => [each.address, Number(each.voting_power)]));
}

/** Tells whether a block has a validator's signature. */
async function hasSigned(engine: TestEngine, height: number, address: string): Promise<boolean> {
  const { signed_header } = await ask<Commit>(engine, `commit?height=${height}`);
  return signed_header.commit.signatures.some((each) => each.validator_address === address);
}

/** Waits until something holds; an answer that does not come counts as no. */
async function until(
  what: string,
  holds: () => Promise<boolean>,
  deadline = 60_000,
): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) assert.fail(`in ${deadline} ms not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The number of ports on which a process listens. */
async function countDoors(pid: number): Promise<number> {
  const sockets = await readdir(`/proc/${pid}/fd`);
  const open = new Set(
    await Promise.all(
      sockets.map(async (each) => await readlink(`/proc/${pid}/fd/${each}`).catch(() => '')),
    ),
  );
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(async (name) => await readFile(`/proc/net/${name}`, 'utf8')),
  );
  return tables
    .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
    .filter((fields) => fields[3] === '0A' && open.has(`socket:[${fields[9]}]`)).length;
}

async function grow(engine: TestEngine, blocks: number): Promise<void> {
  const from = await heightOf(engine);
  await until(`${blocks} more blocks`, async () => (await heightOf(engine)) >= from + blocks);
}

/** Sends transactions until it is stopped; what was acknowledged. */
function load(sender: Sender, to: Address): { stop(): Promise<readonly TransactionReceipt[]> } {
  const acknowledged: TransactionReceipt[] = [];
  const ending = new AbortController();
  let slot = 0n;
  // The ledger takes one transaction at a time of an account that it does not know yet.
  const first = sender.send({ to, data: set(0n, 1n), gas: 100_000 });
  const lines = Array.from({ length: 4 }, async () => {
    await first;
    while (!ending.signal.aborted)
      acknowledged.push(await sender.send({ to, data: set(++slot, slot), gas: 100_000 }));
  });
  return {
    async stop() {
      ending.abort();
      await Promise.all(lines);
      assert.notEqual(acknowledged.length, 0);
      return acknowledged;
    },
  };
}

/** All validators have the same blocks and states, in which each acknowledged transaction is once. */
async function requireWhole(
  engines: readonly TestEngine[],
  contract: Address,
  acknowledged: readonly TransactionReceipt[],
): Promise<void> {
  const heights = await Promise.all(engines.map(heightOf));
  const top = Math.max(...heights, ...acknowledged.map(({ block }) => block)) + 1;
  await until('all validators are there', async () => {
    const numbers = await Promise.all(
      engines.map(async (engine) => {
        const provider = await connect(engine);
        return Number(await provider.request({ method: 'eth_blockNumber', params: [] }));
      }),
    );
    return numbers.every((number) => number >= top);
  });
  const headers = await Promise.all(
    engines.map(async (engine) => (await ask<Header>(engine, `header?height=${top}`)).header),
  );
  for (const header of headers) assert.deepEqual(header, headers[0]);
  for (const engine of engines) {
    const provider = await connect(engine);
    const logs = (await provider.request({
      method: 'eth_getLogs',
      params: [{ address: contract, fromBlock: '0x1', toBlock: `0x${top.toString(16)}` }],
    })) as readonly { transactionHash: Bytes32; blockNumber: string }[];
    const seen = new Map<string, number[]>();
    for (const { transactionHash, blockNumber } of logs) {
      seen.set(transactionHash, [...(seen.get(transactionHash) ?? []), Number(blockNumber)]);
    }
    for (const { transaction, block } of acknowledged) {
      assert.deepEqual(seen.get(transaction), [block]);
    }
  }
}

describe('four validators of the consortium’s engine', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let contract: Address;
  const all = (): readonly [TestEngine, TestEngine, TestEngine, TestEngine] =>
    network.engines as unknown as readonly [TestEngine, TestEngine, TestEngine, TestEngine];

  before(async () => {
    network = await startEngines({ validators: 4, senders: founders });
    const creator = await senderAt(all()[0], secretOf(1));
    contract =
      (await creator.send({ data: probe.creation })).contract ?? assert.fail('no contract');
  });
  after(async () => {
    await network.close();
  });

  it('tell how many blocks each of them missed', async () => {
    const [first, , , last] = all();
    await last.stop('SIGKILL');
    const missed = async (): Promise<number> => {
      const told = first.presence();
      assert.ok(isOfShape(PRESENCE, told), JSON.stringify(told));
      assert.deepEqual([told.window, told.mostMissed, told.behind], [10_000, 9500, false]);
      assert.equal(told.validators.length, 4);
      const found = told.validators.find(({ key }) => key === last.key);
      return await Promise.resolve(found?.missed ?? 0);
    };
    await until('it missed some', async () => (await missed()) > 3);
    await last.start();
    await grow(last, 2);
  });

  it('go on while one of them is killed, and it catches up', async () => {
    const [first, , , last] = all();
    const under = load(await senderAt(first, secretOf(1)), contract);
    await grow(first, 3);
    await last.stop('SIGKILL');
    await grow(first, 8);
    await last.start();
    await grow(last, 3);
    await requireWhole(all(), contract, await under.stop());
  });

  it('go on while one of them hangs, and it catches up', async () => {
    const [first, , , last] = all();
    const under = load(await senderAt(first, secretOf(1)), contract);
    process.kill(last.pid, 'SIGSTOP');
    try {
      await grow(first, 8);
    } finally {
      process.kill(last.pid, 'SIGCONT');
    }
    await requireWhole(all(), contract, await under.stop());
  });

  it('stop while two are killed, and go on with what waited once one is back', async () => {
    const [first, , third, last] = all();
    await Promise.all([third.stop('SIGKILL'), last.stop('SIGKILL')]);
    const hasty = await senderAt(first, secretOf(2), 4_000);
    const waited = hasty.send({ to: contract, data: set(900n, 1n), gas: 100_000 });
    await assert.rejects(waited, { code: 'NOT_YET' });
    const stopped = await heightOf(first);
    const patient = (await senderAt(first, secretOf(3))).send({
      to: contract,
      data: set(901n, 2n),
      gas: 100_000,
    });
    await third.start();
    const receipt = await patient;
    assert.ok(receipt.block > stopped);
    await last.start();
    await requireWhole(all(), contract, [receipt]);
    const provider = await connect(last);
    const read = { method: 'eth_call', params: [{ to: contract, data: get(900n) }, 'latest'] };
    assert.equal(await provider.request(read), words(1n));
  });

  it('take no transaction of a stranger', async () => {
    const [first] = all();
    const sender = await senderAt(first, stranger);
    const refused = sender.send({ to: contract, data: set(1n, 1n), gas: 100_000 });
    await assert.rejects(refused, {
      code: 'LEDGER_REJECTED',
      values: { code: -32003, reason: 'the sender is not admitted' },
    });
    assert.equal(
      await (
        await connect(first)
      ).request({ method: 'eth_getTransactionCount', params: [sender.address, 'latest'] }),
      '0x0',
    );
  });

  it('let no node connect that their settings do not name', async () => {
    const [first] = all();
    const refused = await network.stranger();
    const named = await network.add();
    assert.ok((await heightOf(named)) > 0);
    // The stranger had as long, and asks again and again.
    await grow(first, 20);
    assert.equal(await heightOf(refused), 0);
    const { peers } = await ask<{ peers: readonly { node_info: { id: string } }[] }>(
      first,
      'net_info',
    );
    assert.equal(peers.length, 4);
    await refused.stop();
    await named.stop();
  });

  it('compute for nobody but through JSON-RPC, and listen nowhere else', async () => {
    const [first] = all();
    const query = async (path: string): Promise<{ code: number; log: string }> => {
      const params = new URLSearchParams({ path: `"${path}"`, data: '0x00' });
      const { response } = await ask<{ response: { code: number; log: string } }>(
        first,
        `abci_query?${params}`,
      );
      return response;
    };
    assert.equal((await query('/store/evm/key')).code, 0);
    for (const path of [
      '/cosmos.evm.vm.v1.Query/EthCall',
      '/store/evm/subspace',
      '/app/simulate',
    ]) {
      assert.match((await query(path)).log, /only words of stores are answered/, path);
    }
    const page = await fetch(first.url, {
      method: 'POST',
      headers: { origin: 'https://example.org' },
    });
    assert.equal(page.status, 403);
    assert.equal(await countDoors(first.pid), 3);
  });

  it('go on under a flood of questions at one of them', async () => {
    const [first, second] = all();
    const under = load(await senderAt(second, secretOf(2)), contract);
    const question = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_call',
      params: [{ to: contract, data: spin(), gas: '0x3938700' }, 'latest'],
    });
    const ending = new AbortController();
    const flood = Array.from({ length: 32 }, async () => {
      while (!ending.signal.aborted) {
        const options = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: question,
        };
        await fetch(first.url, options).then(
          async (answer) => await answer.text(),
          () => '',
        );
      }
    });
    const address = await validatorOf(first);
    try {
      await grow(second, 8);
      await until(
        'the flooded one signs',
        async () => await hasSigned(second, (await heightOf(second)) - 1, address),
        30_000,
      );
    } finally {
      ending.abort();
      await Promise.all(flood);
    }
    await requireWhole(all(), contract, await under.stop());
  });

  it('have one whose folder is an older copy sign nothing until the operator says that it was restored', async () => {
    const [first, , , last] = all();
    const address = await validatorOf(last);
    const under = load(await senderAt(first, secretOf(1)), contract);
    await last.stop();
    const backup = join(last.home, '../backup');
    await cp(join(last.home, 'data'), backup, { recursive: true });
    const copied = await heightOf(first);
    await last.start();
    await until('it signs a block that the copy does not know', async () => {
      const height = (await heightOf(first)) - 1;
      return height > copied && (await hasSigned(first, height, address));
    });
    await last.stop('SIGKILL');
    await rm(join(last.home, 'data'), { recursive: true });
    await cp(backup, join(last.home, 'data'), { recursive: true });
    await last.start();
    await until('it says why it does not sign', async () => last.log().includes('restored copy'));
    await grow(last, 4);
    assert.equal(await hasSigned(first, (await heightOf(last)) - 2, address), false);
    await last.stop();
    await last.start('--restored');
    await until(
      'it signs',
      async () => await hasSigned(first, (await heightOf(first)) - 1, address),
    );
    await requireWhole(all(), contract, await under.stop());
  });

  it('put out one whose key runs in two processes, and go on', async () => {
    const [first, second, third, last] = all();
    const address = await validatorOf(last);
    const under = load(await senderAt(first, secretOf(1)), contract);
    await last.stop();
    const twin = await network.add(last, '--restored');
    await last.start('--restored');
    await until('it has no power', async () => !(address in (await powersAt(first))), 120_000);
    await twin.stop();
    await grow(first, 5);
    await requireWhole([first, second, third], contract, await under.stop());
  });
});

describe('validators that nothing waits at', { skip: engineMissing ?? false }, () => {
  it('make blocks slowly, and have a transaction final at once, also while one of them hangs', async (t) => {
    const terms = { validators: 4, senders: founders, blockTime: 300, idleBlockTime: 20_000 };
    const network = await startEngines(terms);
    t.after(async () => {
      await network.close();
    });
    const [first, , third] = network.engines as readonly [
      TestEngine,
      TestEngine,
      TestEngine,
      TestEngine,
    ];
    const sender = await senderAt(first, secretOf(1));
    const { contract } = await sender.send({ data: probe.creation });
    assert.ok(contract);
    const send = async (value: bigint): Promise<{ took: number; receipt: TransactionReceipt }> => {
      const began = Date.now();
      const call = { to: contract, data: set(value, value), gas: 100_000 };
      const receipt = await sender.send(call);
      return { took: Date.now() - began, receipt };
    };
    const rest = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return await heightOf(first);
    };
    const before = await rest();
    assert.equal(await rest(), before);

    const { took, receipt } = await send(1n);
    t.diagnostic(`a transaction at rest took ${took} ms`);
    assert.ok(took < 2_500, `it took ${took} ms`);
    const provider = await connect(third);
    const block = (await provider.request({
      method: 'eth_getBlockByNumber',
      params: [`0x${receipt.block.toString(16)}`, false],
    })) as { readonly timestamp: Hex };
    const age = Date.now() / 1000 - Number(block.timestamp);
    assert.ok(age < 5, `its block is ${age} s behind the clock`);
    const provable = async (): Promise<boolean> => (await heightOf(third)) > receipt.block;
    await until('the next block proves its state', provable, 2_500);
    assert.ok((await rest()) <= receipt.block + 1);

    process.kill(third.pid, 'SIGSTOP');
    try {
      // Each one's turn comes within four.
      for (const value of [2n, 3n, 4n, 5n]) {
        const { took: late } = await send(value);
        t.diagnostic(`with one that hangs ${late} ms`);
        assert.ok(late < 6_000, `it took ${late} ms`);
        await rest();
      }
    } finally {
      process.kill(third.pid, 'SIGCONT');
    }
  });
});

describe('stake that the contracts give', { skip: engineMissing ?? false }, () => {
  it('lets a fifth validator join and a founder leave', async (t) => {
    const registry = contractCreations(founding([]))[0]?.address;
    const validators = contractCreations(founding([]))[3]?.address;
    assert.ok(registry && validators);
    const network = await startEngines({
      validators: 4,
      senders: founders,
      registry,
      stakeContract: validators,
    });
    t.after(async () => {
      await network.close();
    });
    const [first, second, , last] = network.engines as readonly [
      TestEngine,
      TestEngine,
      TestEngine,
      TestEngine,
    ];
    const sender = await senderAt(first, secretOf(1));
    const keys = network.engines.map(({ key }) => key);
    for (const { data } of contractCreations(founding(keys))) await sender.send({ data });

    const change = async (organisation: number, key: Bytes32, amount: number): Promise<void> => {
      const message = {
        organisation: organisationId(`organisation-${organisation}`),
        key,
        amount,
        change: 1,
        deadline: 4_000_000_000,
      };
      const domain = { name: 'Medseal', version: '1', chainId: CHAIN, salt: NETWORK_ID };
      const signatures = [1, 2, 3]
        .map((number) => ({ address: addressOf(secretOf(number)), signingKey: secretOf(number) }))
        .sort((one, other) => (one.address < other.address ? -1 : 1))
        .map((signer) => sign({ domain, primitives }, signer, 'StakeChange', message).signature);
      const begin = encodeBatch(validatorsAbi, 'changeStakes', [{ message, signatures }]);
      const finish = encodeBatch(validatorsAbi, 'finishStakeChanges', [[message]]);
      await sender.send({ to: validators, data: begin });
      await sender.send({ to: validators, data: finish });
    };
    const newcomer = await network.add();
    const joining = await validatorOf(newcomer);
    assert.equal((await powersAt(first))[joining], undefined);
    await change(4, newcomer.key, 25);
    await until('it has power', async () => (await powersAt(second))[joining] === 25);
    await until(
      'it signs',
      async () => await hasSigned(second, (await heightOf(second)) - 1, joining),
    );

    const leaving = await validatorOf(last);
    await change(3, last.key, 0);
    await until('it has none', async () => !(leaving in (await powersAt(second))));
    await last.stop();
    await grow(second, 5);
    const powers = Object.values(await powersAt(second));
    assert.deepEqual(
      powers.sort((one, other) => one - other),
      [10, 10, 10, 25],
    );
    await requireWhole([...network.engines.slice(0, 3), newcomer], validators, []);
  });
});

const NETWORK_ID: Bytes32 = `0x${'5a'.repeat(32)}`;

/** The contracts of a network whose offices change at once, and whose validators begin with these keys. */
function founding(keys: readonly Bytes32[]): Parameters<typeof contractCreations>[0] {
  const members = founders.map((address, index) => ({
    address,
    organisation: `organisation-${index}`,
  }));
  return {
    networkId: NETWORK_ID,
    authority: { members, threshold: 3 },
    coordinators: { members, threshold: 3 },
    delay: 0,
    stakes: keys.map((key, index) => ({ organisation: `organisation-${index}`, key, amount: 10 })),
    deployer: founders[0] ?? '0x',
    nonce: 0,
  };
}

describe('a node that joins late', { skip: engineMissing ?? false }, () => {
  it('begins with a snapshot that the validators’ signatures vouch for, and with no other', async (t) => {
    const network = await startEngines({ validators: 4, senders: founders, snapshotEvery: 30 });
    const other = await startEngines({ validators: 1, senders: founders, snapshotEvery: 30 });
    t.after(async () => {
      await Promise.all([network.close(), other.close()]);
    });
    const [first] = network.engines as readonly [TestEngine, ...TestEngine[]];
    const [foreign] = other.engines as readonly [TestEngine];
    const sender = await senderAt(first, secretOf(1));
    const { contract } = await sender.send({ data: probe.creation });
    assert.ok(contract);
    await sender.send({ to: contract, data: set(7n, 42n), gas: 100_000 });
    for (const each of [first, foreign])
      await until('snapshots are made', async () => (await heightOf(each)) > 65);
    const { block_id: trusted } = await ask<{ block_id: { hash: string } }>(
      first,
      'block?height=5',
    );

    const late = await network.late(5, trusted.hash);
    await until('it is in step', async () => (await heightOf(late)) >= (await heightOf(first)) - 2);
    const { sync_info: begun } = await ask<{ sync_info: { earliest_block_height: string } }>(
      late,
      'status',
    );
    assert.ok(Number(begun.earliest_block_height) > 30, begun.earliest_block_height);
    const read = { method: 'eth_call', params: [{ to: contract, data: get(7n) }, 'latest'] };
    await until('it reads the state', async () => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...read });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(late.url, { method: 'POST', headers, body });
      return ((await answer.json()) as { result?: unknown }).result === words(42n);
    });

    const misled = await network.late(5, 'AB'.repeat(32));
    await until(
      'it says that its block is another',
      async () => await Promise.resolve(/expected header's hash/.test(misled.log())),
    );

    // The validators now offer what another network's state was at the same heights.
    await Promise.all(
      network.engines.map(async (engine) => {
        await engine.stop();
        const snapshots = 'data/snapshots';
        await rm(join(engine.home, snapshots), { recursive: true });
        await cp(join(foreign.home, snapshots), join(engine.home, snapshots), { recursive: true });
        const path = join(engine.home, 'settings.json');
        const settings = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
        await writeFile(path, JSON.stringify({ ...settings, snapshotEvery: 0 }));
        await engine.start();
      }),
    );
    const deceived = await network.late(5, trusted.hash);
    await until(
      'it finds that the state is another',
      async () => await Promise.resolve(/appHash verification failed/.test(deceived.log())),
    );
    assert.equal(await heightOf(deceived), 0);
  });
});

describe('a validator whose disk is full', { skip: engineMissing ?? false }, () => {
  it('ends and says why, while the others go on, and goes on once there is room', async (t) => {
    const disk = await mkdtemp(join(tmpdir(), 'medseal-disk-'));
    const mount = ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk];
    if (spawnSync('mount', mount).status !== 0) {
      t.skip('this machine mounts no small disk');
      return;
    }
    t.after(() => spawnSync('umount', ['--lazy', disk]));
    const network = await startEngines({ validators: 4, senders: founders });
    t.after(async () => {
      await network.close();
    });
    const [first, , , last] = network.engines as readonly [
      TestEngine,
      TestEngine,
      TestEngine,
      TestEngine,
    ];
    await last.stop();
    await cp(last.home, join(disk, 'home'), { recursive: true });
    await rm(last.home, { recursive: true });
    await symlink(join(disk, 'home'), last.home);
    await last.start();
    await grow(last, 3);

    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = await statfs(disk);
    await writeFile(ballast, new Uint8Array((bavail - 20) * bsize));
    assert.equal(await last.ended(), 1);
    assert.match(last.log(), /no space left on device/);
    await grow(first, 5);
    await assert.rejects(last.start(), /no space left on device/);

    await rm(ballast);
    await last.start();
    await grow(last, 5);
    const at = (await heightOf(last)) - 1;
    const [one, other] = await Promise.all(
      [first, last].map(async (each) => await ask<Header>(each, `header?height=${at}`)),
    );
    assert.deepEqual(one, other);
  });
});
