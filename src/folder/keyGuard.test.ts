import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { primitives } from '../protocol/test/sampleNetwork.ts';
import { memoryFiles, type MemoryFiles } from './test/memoryFiles.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { areKeysLocked, lockKeys, openKeyGuard } from './keyGuard.ts';
import { openOrganisationKeys } from './organisationKeys.ts';
import { seededRandom } from '../node/test/testNetwork.ts';

const PASSPHRASE = 'five random words are good';
const QUICK = { workFactor: 4 };
const ports = { primitives, random: seededRandom('guard') };

async function ask(): Promise<string> {
  return await Promise.resolve(PASSPHRASE);
}

async function askAnother(): Promise<string> {
  return await Promise.resolve('another passphrase');
}

async function askNobody(): Promise<string> {
  return await Promise.reject(new Error('asked'));
}

async function lockedFolder(): Promise<{ root: MemoryFiles; node: MemoryFiles }> {
  const [root, node] = [memoryFiles(), memoryFiles()];
  const guard = await lockKeys(root, ports.random, PASSPHRASE, QUICK);
  await openOrganisationKeys(node, { ...ports, guard });
  return { root, node };
}

describe('keys under a passphrase', () => {
  it('are the same when they are opened again', async () => {
    const { root, node } = await lockedFolder();
    assert.equal(await areKeysLocked(root), true);
    const first = await openOrganisationKeys(node, {
      ...ports,
      guard: await openKeyGuard(root, ask),
    });
    const second = await openOrganisationKeys(node, {
      ...ports,
      guard: await openKeyGuard(root, ask),
    });
    assert.deepEqual(second, first);
  });

  it('are nowhere on disk as they are', async () => {
    const { root, node } = await lockedFolder();
    const guard = await openKeyGuard(root, ask);
    const keys = await openOrganisationKeys(node, { ...ports, guard });
    const files = JSON.stringify([
      await readJsonFile(root, 'folder-key.json'),
      await readJsonFile(node, 'keys.json'),
    ]);
    for (const secret of [keys.coordinator.signingKey, keys.sender.signingKey, keys.note]) {
      assert.ok(secret instanceof Uint8Array);
      const bytes = Buffer.from(secret);
      for (const text of ['hex', 'base64', 'base64url'] as const) {
        assert.ok(!files.includes(bytes.toString(text)), text);
      }
    }
    assert.ok(!files.includes('AGE-SECRET-KEY'));
  });

  it('are not opened, nor made again, without the passphrase or with another', async () => {
    const { root, node } = await lockedFolder();
    await assert.rejects(openKeyGuard(root), failsWith('PASSPHRASE_MISSING'));
    await assert.rejects(openKeyGuard(root, askAnother), failsWith('PASSPHRASE_WRONG'));
    await assert.rejects(openOrganisationKeys(node, ports), failsWith('FOLDER_FOREIGN'));
  });

  it('are not opened with the key of another folder', async () => {
    const [one, other] = [await lockedFolder(), await lockedFolder()];
    const guard = await openKeyGuard(other.root, ask);
    await assert.rejects(
      openOrganisationKeys(one.node, { ...ports, guard }),
      failsWith('FOLDER_FOREIGN'),
    );
  });

  it('need a passphrase that is not short', async () => {
    const locking = lockKeys(memoryFiles(), ports.random, 'short', QUICK);
    await assert.rejects(locking, failsWith('PASSPHRASE_WEAK'));
  });

  for (const value of [null, [], {}, { format: 'medseal-folder-key/1', sealed: 'x' }, 'x']) {
    it(`are refused where the folder’s key is ${JSON.stringify(value)}`, async () => {
      const { root } = await lockedFolder();
      await writeJsonFile(root, 'folder-key.json', value);
      await assert.rejects(openKeyGuard(root, ask), failsWith('FOLDER_FOREIGN'));
    });
  }
});

describe('keys without a passphrase', () => {
  it('are asked no passphrase for', async () => {
    const root = memoryFiles();
    assert.equal(await areKeysLocked(root), false);
    const guard = await openKeyGuard(root, askNobody);
    const node = memoryFiles();
    const first = await openOrganisationKeys(node, { ...ports, guard });
    assert.deepEqual(await openOrganisationKeys(node, ports), first);
  });
});
