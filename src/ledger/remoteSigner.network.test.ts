import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fourOf, founders, grow, hasSigned, until, validatorOf } from './test/askValidators.ts';
import { engineMissing, startEngines } from './test/startEngines.ts';
import { startTestSigner, testSignerKey, type TestSigner } from './test/startTestSigner.ts';

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-signer-'));
  t.after(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a validator whose key is at a remote signer', { skip: engineMissing ?? false }, () => {
  it('has no vote while the signer is away, says so, follows the ledger, and signs again once it is back', async (t) => {
    const folder = await scratch(t);
    const key = testSignerKey(folder);
    const address = `unix://${folder}/signer.sock`;
    const network = await startEngines({
      validators: 4,
      senders: founders,
      signer: { address, key },
    });
    t.after(async () => await network.close());
    const [own, other] = fourOf(network);
    assert.equal(own.key, key);
    await own.untilSigner('absent');
    const named = await validatorOf(own);

    const first = startTestSigner(folder, address, network.chain);
    t.after(async () => await first.kill());
    await own.untilSigner('connected');
    await first.untilSigned(1);
    await until(
      'a block has its signature',
      async () => await hasSigned(other, first.signed, named),
    );

    await first.kill();
    await own.untilSigner('absent');
    const { signed } = first;
    await grow(other, 3);
    // Three of four are a quorum. A block after the last one that it signed has no signature of it.
    await until('a block lacks its signature', async () => {
      return !(await hasSigned(other, signed + 2, named));
    });
    await grow(own, 3);

    const second = startTestSigner(folder, address, network.chain);
    t.after(async () => await second.kill());
    await own.untilSigner('connected');
    await second.untilSigned(signed + 3);
    await until(
      'a block has its signature',
      async () => await hasSigned(other, second.signed, named),
    );
  });

  // @actor who administers a node | to have the key elsewhere sign by another program that connects in its place
  it('has no vote by a signer with another key, nor by one for another chain', async (t) => {
    const [folder, foreign] = [await scratch(t), await scratch(t)];
    const address = `unix://${folder}/signer.sock`;
    testSignerKey(foreign);
    const key = testSignerKey(folder);
    const network = await startEngines({
      validators: 4,
      senders: founders,
      signer: { address, key },
    });
    t.after(async () => await network.close());
    const [own, other] = fourOf(network);
    const named = await validatorOf(own);
    for (const [place, chain] of [
      [foreign, network.chain],
      [folder, 'medseal-00000000000000000000000000000000'],
    ] as const) {
      const signer = startTestSigner(place, address, chain);
      await own.untilSigner('other');
      await grow(other, 3);
      assert.equal(signer.signed, 0);
      await signer.kill();
      await own.untilSigner('absent');
    }
    assert.equal(await hasSigned(other, 2, named), false);
  });

  it('lets a ledger go on that stood still without its vote, after a new start', async (t) => {
    const folder = await scratch(t);
    const address = `unix://${folder}/signer.sock`;
    let signer: TestSigner | undefined;
    let chain = '';
    const begin = (named: string): void => {
      chain = named;
      signer = startTestSigner(folder, address, chain);
    };
    t.after(async () => await signer?.kill());
    const key = testSignerKey(folder);
    const network = await startEngines({
      validators: 1,
      senders: founders,
      signer: { address, key, begin },
    });
    t.after(async () => await network.close());
    const [own = assert.fail()] = network.engines;
    await grow(own, 2);
    await signer?.kill();
    // The consensus asks for each vote once.
    await until(
      'a vote is missed',
      async () => await Promise.resolve(own.log().includes('failed signing vote')),
    );
    signer = startTestSigner(folder, address, chain);
    assert.equal(await own.ended(), 1);
    assert.match(own.log(), /the ledger waits for a vote/);
    await own.start();
    await grow(own, 3);
  });
});
