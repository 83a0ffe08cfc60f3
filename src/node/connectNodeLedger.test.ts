import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordedFetch, recordedNetwork, vectors } from '../consortium/test/vectors.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';
import { connectNodeLedger } from './connectNodeLedger.ts';
import { keptTrust } from './keptTrust.ts';

const { time, height } = vectors;
const clock = { now: () => (time + 60) * 1000, after: () => () => undefined };
const forged = recordedFetch((answer, _method, [asked]) =>
  asked === 'commit' ? answer.replace(/"signature":"..../, '"signature":"AAAA') : answer,
);
const at = { network: recordedNetwork, clock, fetch: recordedFetch() };

describe('the ledger of a node', () => {
  it('is believed if it is a validator of this machine', async () => {
    for (const host of ['localhost', '127.0.0.1', '127.1', '127.8.8.8', '[::1]']) {
      await connectNodeLedger({ ...at, fetch: forged, url: `http://${host}:8545` });
    }
  });

  it('is verified if it is elsewhere', async () => {
    for (const host of ['ledger.test', '127.evil.test', 'localhost.test', '10.0.0.7', '[::2]']) {
      const url = `http://${host}:8545`;
      await assert.rejects(connectNodeLedger({ ...at, fetch: forged, url }), {
        code: 'LEDGER_UNPROVEN',
      });
      const ledger = await connectNodeLedger({ ...at, url });
      const newest = await ledger.request({ method: 'eth_blockNumber' });
      assert.equal(newest, `0x${height.toString(16)}`);
    }
  });

  it('goes on from the block that coordinators sign if its own is too old', async () => {
    const files = memoryFiles();
    const trust = keptTrust(files);
    const url = 'http://ledger.test';
    await connectNodeLedger({ ...at, url }, trust);
    const kept = await trust.read();
    assert.ok(kept?.hash);
    const { hash, signed: _signed, ...block } = kept;
    await trust.keep({ ...block, height: 1, time: kept.time - 30 * 86_400 });
    await assert.rejects(connectNodeLedger({ ...at, url }, trust), { code: 'LEDGER_TRUST_OLD' });
    const askNewest = async () =>
      await Promise.resolve({ height: kept.height, hash, time: kept.time });
    await connectNodeLedger({ ...at, url, askNewest }, trust);
    assert.equal((await trust.read())?.time, kept.time);
    await connectNodeLedger({ ...at, url }, trust);
  });

  it('leaves the newest verified block in the folder, and goes on from it', async () => {
    const files = memoryFiles();
    const trust = keptTrust(files);
    assert.equal(await trust.read(), undefined);
    const url = 'http://ledger.test';
    await connectNodeLedger({ ...at, url }, trust);
    assert.equal((await trust.read())?.height, height + 1);
    const fork = { format: 'medseal-ledger-fork/1', chain: 'medseal-x', height: 7 } as const;
    const blocks = [
      { commit: 1, validators: 2 },
      { commit: 3, validators: 4 },
    ] as const;
    await trust.keepFork({ ...fork, signers: [], blocks });
    assert.deepEqual(await readJsonFile(files, 'fork-medseal-x-7.json'), {
      ...fork,
      signers: [],
      blocks,
    });
    await writeJsonFile(files, 'trusted-block.json', { format: 'medseal-trusted-block/1' });
    await assert.rejects(connectNodeLedger({ ...at, url }, trust), { code: 'FOLDER_FOREIGN' });
  });
});
