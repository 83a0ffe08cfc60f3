import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { findKeys, parseKey, readKeystore } from './keystore.ts';

it('a key file whose name would lead out of the keystore, or whose owner is malformed, is refused', () => {
  const key = {
    format: 'medseal-key/1',
    name: 'house',
    role: 'doctor',
    organisation: 'hospital',
    address: `0x${'ab'.repeat(20)}`,
    demo: false,
    sealed: 'AAAA',
  };
  assert.deepEqual(parseKey('f', JSON.stringify(key)), key);
  const { role: _role, organisation: _organisation, ...before } = key;
  assert.deepEqual(parseKey('f', JSON.stringify(before)), before);
  for (const wrong of [
    { name: '../../house' },
    { name: '' },
    { name: ['house'] },
    { name: { toString: 1 } },
    { address: '0xAB' },
    { address: 7 },
    { role: 'constructor' },
    { role: {} },
    { organisation: '../x' },
    { organisation: 7 },
    { sealed: 7 },
  ]) {
    assert.throws(
      () => parseKey('f', JSON.stringify({ ...key, ...wrong })),
      (error) => isMedsealError(error, 'KEYSTORE_INVALID'),
      JSON.stringify(wrong),
    );
  }
});

it('keys are found in an empty keystore, in none and in a damaged one, whatever the folder is called', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'read-empty-'));
  t.after(async () => await rm(folder, { recursive: true }));
  const demo = { demo: true };
  assert.equal(await findKeys(join(folder, 'away'), demo), undefined);
  assert.deepEqual(await findKeys(folder, demo), []);
  await mkdir(join(folder, 'anna'));
  await writeFile(join(folder, 'anna', 'key.json'), '{}');
  await assert.rejects(findKeys(folder, demo), failsWith('KEYSTORE_INVALID'));
  for (const path of [folder, join(folder, 'away')]) {
    await assert.rejects(readKeystore(path, demo), failsWith('KEYSTORE_INVALID'));
  }
});
