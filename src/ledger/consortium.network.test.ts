import assert from 'node:assert/strict';
import { cp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { systemRandom } from '../folder/systemRandom.ts';
import { openValidatorKeys } from '../node/validator/validatorKeys.ts';
import { PRESENCE } from '../node/validator/Presence.ts';
import { isOfShape } from '../protocol/wire/isOfShape.ts';
import type { Address } from '../protocol/ids.ts';
import {
  fourOf,
  secretOf,
  founders,
  stranger,
  connect,
  senderAt,
  ask,
  heightOf,
  validatorOf,
  powersAt,
  hasSigned,
  until,
  grow,
  load,
  requireWhole,
} from './test/askValidators.ts';
import { get, probe, set, spin, words } from './test/probe.ts';
import { engineMissing, startEngines, type Engines } from './test/startEngines.ts';

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

describe('four validators of the consortium’s engine', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let contract: Address;
  const all = (): ReturnType<typeof fourOf> => fourOf(network);

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

  // @actor a validator's engine | writes the keys that it was handed into a file
  it('write the keys that they sign with nowhere', async () => {
    const [one] = all();
    const { seeds } = await openValidatorKeys(one.home, { primitives, random: systemRandom });
    const entries = await readdir(one.home, { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile() && each.name !== 'keys.json');
    assert.ok(files.some(({ name }) => name === 'last-signed.json'));
    for (const { parentPath, name } of files) {
      const content = await readFile(join(parentPath, name));
      for (const seed of Object.values(seeds).map((each) => Buffer.from(each))) {
        const text = content.toString('latin1');
        const forms = [seed.toString('hex'), seed.toString('base64').slice(0, 40)];
        assert.ok(!content.includes(seed) && !forms.some((form) => text.includes(form)), name);
      }
    }
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
    const query = async (path: string): Promise<string> => {
      const params = new URLSearchParams({ path: `"${path}"`, data: '0x00' });
      return await (await fetch(`${first.blocks}/abci_query?${params}`)).text();
    };
    assert.match(await query('/store/evm/key'), /"code": ?0/);
    for (const path of [
      '/cosmos.evm.vm.v1.Query/EthCall',
      '/store/evm/subspace',
      '/app/simulate',
    ]) {
      assert.match(await query(path), /only words of stores are answered/, path);
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
