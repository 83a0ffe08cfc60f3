import assert from 'node:assert/strict';
import { rm, stat, symlink, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { redactedInPrint } from '../crypto/keys/redactedInPrint.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { primitives } from '../protocol/test/sampleNetwork.ts';
import { openFolder } from './openFolder.ts';
import { memoryFiles } from './test/memoryFiles.ts';
import { openDeviceFolder } from '../device/deviceFolder.ts';
import { readJsonFile, writeJsonFile } from './jsonFiles.ts';
import { readKeystore, writeKey, type KeyFile } from '../device/keystore.ts';
import { openAuthorityKey, openOrganisationKeys } from './organisationKeys.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { seededRandom } from '../node/test/testNetwork.ts';

let root: string;

before(async () => {
  root = await scratchFolder();
});
after(async () => await rm(root, { recursive: true }));

const ports = { primitives, random: seededRandom('keys') };

describe('the keys of an organisation', () => {
  it('are made once, each another, and read ever after', async () => {
    const files = memoryFiles();
    const first = await openOrganisationKeys(files, ports);
    assert.deepEqual(await openOrganisationKeys(files, ports), first);
    const { coordinator, sender, note, storage, tls } = first;
    const secrets = [coordinator.signingKey, sender.signingKey, note, storage, tls].map(String);
    assert.equal(new Set(secrets).size, 5);
    assert.equal(tls?.length, 32);
    assert.notEqual(coordinator.address, sender.address);
    assert.notDeepEqual(await openOrganisationKeys(memoryFiles(), ports), first);
  });

  it('are without one for TLS where the folder was made before there was one, and none is made later', async () => {
    const files = memoryFiles();
    await openOrganisationKeys(files, ports);
    const { tls: _tls, ...older } = (await readJsonFile(files, 'keys.json')) as { tls: string };
    await writeJsonFile(files, 'keys.json', older);
    assert.equal((await openOrganisationKeys(files, ports)).tls, undefined);
    assert.deepEqual(await readJsonFile(files, 'keys.json'), older);
    await writeJsonFile(files, 'keys.json', { ...older, tls: '0x12' });
    await assert.rejects(openOrganisationKeys(files, ports), failsWith('FOLDER_FOREIGN'));
  });

  const spoilt = [null, [], {}, { coordinator: 7 }, { member: '0x00' }, { member: ['0x'] }, 'x'];
  for (const value of spoilt) {
    it(`are not made again where the file holds ${JSON.stringify(value)}`, async () => {
      const files = memoryFiles();
      await writeJsonFile(files, 'keys.json', value);
      await assert.rejects(openOrganisationKeys(files, ports), failsWith('FOLDER_FOREIGN'));
      await assert.rejects(openAuthorityKey(files, ports), failsWith('FOLDER_FOREIGN'));
    });
  }

  it('are in a file for the owner alone', async () => {
    const files = await openFolder(`${root}/keys`);
    await openOrganisationKeys(files, ports);
    assert.equal((await stat(`${root}/keys/keys.json`)).mode & 0o777, 0o600);
  });
});

describe('a device’s folder', () => {
  it('keeps values by name, for the owner alone, also when it is opened again', async () => {
    const device = await openDeviceFolder(`${root}/device`);
    assert.equal(await device.read('patient'), undefined);
    await device.write('patient', { epochs: [1, 2] });
    await device.write('patient', { epochs: [3] });
    const again = await openDeviceFolder(`${root}/device`);
    assert.deepEqual(await again.read('patient'), { epochs: [3] });
    assert.equal((await stat(`${root}/device/device/patient.json`)).mode & 0o777, 0o600);
  });

  it('has no values elsewhere', async () => {
    const device = await openDeviceFolder(`${root}/device`);
    for (const name of ['', '..', '../patient', 'a/b', 'a.b', 'A', 'ä']) {
      await assert.rejects(device.read(name), failsWith('FOLDER_OUTSIDE'));
      await assert.rejects(device.write(name, 1), failsWith('FOLDER_OUTSIDE'));
    }
    await symlink(`${root}/keys/keys.json`, `${root}/device/device/link.json`);
    await assert.rejects(device.read('link'), failsWith('FOLDER_OUTSIDE'));
  });

  it('says so where a value is torn', async () => {
    const device = await openDeviceFolder(`${root}/torn`);
    await device.write('patient', {});
    await writeFile(`${root}/torn/device/patient.json`, '{"epochs": [');
    await assert.rejects(device.read('patient'), failsWith('FOLDER_FOREIGN'));
  });
});

describe('a keystore', () => {
  it('gives its keys by name, and passes over what is not a party’s folder', async () => {
    const path = `${root}/keystore`;
    for (const name of ['doctor', 'a-nurse']) await writeKey(path, key(name));
    await openFolder(`${path}/empty`);
    await writeFile(`${path}/notes.txt`, 'mine');
    const keys = await readKeystore(path, { demo: true });
    assert.deepEqual(keys, [redactedInPrint(key('a-nurse')), redactedInPrint(key('doctor'))]);
    assert.equal((await stat(`${path}/doctor/key.json`)).mode & 0o777, 0o600);
  });

  it('is refused outside a demonstration where its keys are for show', async () => {
    const read = readKeystore(`${root}/keystore`, { demo: false });
    await assert.rejects(read, failsWith('KEYSTORE_DEMO'));
  });

  it('is refused where it is not there, is empty, or holds no keys', async () => {
    await openFolder(`${root}/empty`);
    for (const path of ['nowhere', 'empty']) {
      const read = readKeystore(`${root}/${path}`, { demo: true });
      await assert.rejects(read, failsWith('KEYSTORE_INVALID'));
    }
    for (const wrong of [
      null,
      7,
      {},
      { ...key('x'), format: 'x' },
      { ...key('x'), seed: ['0x'] },
    ]) {
      await writeJsonFile(await openFolder(`${root}/wrong/x`), 'key.json', wrong);
      const read = readKeystore(`${root}/wrong`, { demo: true });
      await assert.rejects(read, failsWith('KEYSTORE_INVALID'));
    }
  });
});

function key(name: string): KeyFile {
  return {
    format: 'medseal-key/1',
    demo: true,
    name,
    role: 'doctor',
    organisation: 'hospital',
    address: `0x${'aa'.repeat(20)}`,
    seed: `0x${'5a'.repeat(32)}`,
  };
}
