import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Contract, JsonRpcProvider } from 'ethers';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { runMedseal, startDev, temporaryFolder } from './test/runMedseal.ts';

const run = promisify(execFile);

async function hasCast(): Promise<boolean> {
  return await run('cast', ['--version']).then(
    () => true,
    () => false,
  );
}

describe('tools written by others read the ledger of a running network', () => {
  it('cast: blocks, logs, a proof, a call', async (t) => {
    if (!(await hasCast())) {
      t.skip('no cast for this system');
      return;
    }
    const folder = await temporaryFolder(t);
    const { ready } = await startDev(t, '--data', folder);
    const network = JSON.parse(await readFile(`${folder}/network.json`, 'utf8')) as NetworkFile;
    const { consent, registry } = network.contracts;
    const cast = async (...args: readonly string[]): Promise<string> => {
      const { stdout } = await run('cast', [...args, '--rpc-url', ready.rpcUrl]);
      return stdout.trim();
    };
    assert.ok(Number(await cast('block-number')) >= 3);
    assert.equal(Number(await cast('chain-id')), network.ledger.chainId);
    const block = JSON.parse(await cast('block', '0', '--json')) as { hash: string };
    assert.equal(block.hash, network.ledger.genesis);
    const logs = JSON.parse(
      await cast('logs', '--from-block', '0', '--address', registry, '--json'),
    ) as unknown[];
    assert.ok(logs.length >= 9, 'an event for each party');
    const proof = JSON.parse(await cast('proof', registry, '0x0')) as { address: string };
    assert.equal(proof.address.toLowerCase(), registry);
    assert.notEqual(await cast('code', consent), '0x');
    const nobody = await cast('call', registry, 'isActive(address)(bool)', consent);
    assert.equal(nobody, 'false');
  });

  it('ethers: the chart of a patient, and the events of grants and revocations', async (t) => {
    const folder = await temporaryFolder(t);
    const { ready } = await startDev(t, '--data', folder);
    const played = await runMedseal('scenario', '--home', folder, '--json');
    assert.equal(played.code, 0, played.stderr);
    const network = JSON.parse(await readFile(`${folder}/network.json`, 'utf8')) as NetworkFile;
    const provider = new JsonRpcProvider(ready.rpcUrl, network.ledger.chainId, {
      staticNetwork: true,
    });
    t.after(() => provider.destroy());
    const consent = new Contract(network.contracts.consent, consentAbi, provider);
    const granted = await consent.queryFilter('Granted', 0);
    const revoked = await consent.queryFilter('Revoked', 0);
    assert.ok(granted.length > revoked.length && revoked.length > 0);
    const block = await provider.getBlock(granted[0]?.blockHash ?? '');
    assert.equal(block?.number, granted[0]?.blockNumber);
    const receipt = await provider.getTransactionReceipt(granted[0]?.transactionHash ?? '');
    assert.equal(receipt?.status, 1);
  });
});
