import assert from 'node:assert/strict';
import { chmod, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { startTestNetwork, type TestNetwork } from '../test/testNetwork.ts';
import { LEDGER_INDEX_FOLDER, openLedgerIndex } from './openLedgerIndex.ts';

let network: TestNetwork;
let root: string;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  root = await scratchFolder();
});
after(async () => {
  await network.close();
  await rm(root, { recursive: true });
});

/** Opens an index in a folder, brings it to the newest block, and closes it; the ranges of events that it asked for. */
async function useIndex(data: string, file = network.file): Promise<number> {
  let asked = 0;
  const { ledger, clock } = network;
  const folder = {
    part: async (name: string) => await openOrganisationFolder(join(data, name)),
  };
  const provider = {
    request: async (call: { readonly method: string; readonly params?: readonly unknown[] }) => {
      if (call.method === 'eth_getLogs') asked += 1;
      return await ledger.request(call);
    },
  };
  const { index, close } = await openLedgerIndex(folder, {
    provider,
    network: file,
    clock,
    onFailure: (error) => assert.fail(String(error)),
  });
  await index.refresh();
  assert.ok(index.rows > 0);
  await close();
  return asked;
}

async function fileIn(data: string, name: RegExp): Promise<string> {
  const folder = join(data, LEDGER_INDEX_FOLDER);
  const found = (await readdir(folder)).find((each) => name.test(each));
  return join(folder, found ?? assert.fail(`no ${name}`));
}

describe('the index of the ledger in a node’s folder', () => {
  it('is read from the ledger once, and again once it is gone', async () => {
    const data = join(root, 'gone');
    assert.deepEqual([await useIndex(data), await useIndex(data)], [1, 0]);
    await rm(join(data, LEDGER_INDEX_FOLDER), { recursive: true });
    assert.equal(await useIndex(data), 1);
  });

  it('is read again, from the first block, once a successor adds a contract', async () => {
    const data = join(root, 'added');
    const { prescriptions, ...contracts } = network.file.contracts;
    assert.ok(prescriptions !== undefined);
    const before = { ...network.file, contracts };
    assert.deepEqual([await useIndex(data, before), await useIndex(data, before)], [1, 0]);
    assert.deepEqual([await useIndex(data), await useIndex(data)], [1, 0]);
  });

  it('is read again if a byte of its log was altered, which the database itself would pass over', async () => {
    const data = join(root, 'altered');
    await useIndex(data);
    const path = await fileIn(data, /\.log$/);
    const bytes = await readFile(path);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(path, bytes);
    assert.deepEqual([await useIndex(data), await useIndex(data)], [1, 0]);
  });

  it('goes on at the last whole write if the end of one was cut off', async () => {
    const data = join(root, 'cut');
    await useIndex(data);
    const path = await fileIn(data, /\.log$/);
    const { length } = await readFile(path);
    const file = await open(path, 'r+');
    await file.truncate(length - 3);
    await file.close();
    // The only write is the cut one.
    assert.deepEqual([await useIndex(data), await useIndex(data)], [1, 0]);
  });

  it('is refused, and left as it is, if others on the machine can write to it', async () => {
    const data = join(root, 'exposed');
    await useIndex(data);
    await chmod(join(data, LEDGER_INDEX_FOLDER), 0o777);
    await assert.rejects(useIndex(data), failsWith('FOLDER_EXPOSED'));
    await chmod(join(data, LEDGER_INDEX_FOLDER), 0o700);
    assert.equal(await useIndex(data), 0);
  });

  it('is read again if the database cannot be opened', async () => {
    const data = join(root, 'manifest');
    await useIndex(data);
    await rm(await fileIn(data, /^MANIFEST/));
    assert.deepEqual([await useIndex(data), await useIndex(data)], [1, 0]);
  });
});
