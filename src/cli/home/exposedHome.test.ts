import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { findKeys, readKeystore, writeKey } from '../../device/keystore.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readAnyNetwork } from './readPinnedNetwork.ts';
import { findHome } from './Home.ts';

let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'medseal-'));
  await mkdir(join(home, 'parties', 'anna', 'device'), { recursive: true, mode: 0o700 });
});
after(async () => await rm(home, { recursive: true }));

const keystore = (): string => join(home, 'parties');
const anna = (): string => join(keystore(), 'anna');

describe('a device’s folder that others can write to', () => {
  const seed = `0x${'5a'.repeat(32)}` as const;
  const address = `0x${'11'.repeat(20)}` as const;
  const key = { format: 'medseal-key/1', name: 'anna', demo: true, address, seed } as const;
  /** Everything that opens a folder of a device, and the folders that it must find unharmed. */
  const openers: Readonly<Record<string, readonly [() => Promise<unknown>, readonly string[]]>> = {
    findHome: [async () => await Promise.resolve().then(() => findHome({ home })), ['', 'parties']],
    readAnyNetwork: [async () => await readAnyNetwork({ home }), ['', 'parties']],
    readKeystore: [
      async () => await readKeystore(keystore(), { demo: true }),
      ['parties', 'parties/anna'],
    ],
    findKeys: [async () => await findKeys(keystore(), { demo: true }), ['parties', 'parties/anna']],
    writeKey: [async () => await writeKey(keystore(), key), ['parties', 'parties/anna']],
    openDeviceFolder: [
      async () => await openDeviceFolder(anna()),
      ['parties/anna', 'parties/anna/device'],
    ],
  };

  for (const [name, [open, folders]] of Object.entries(openers)) {
    // @actor another user of the machine, who can write to a device's folder | names the network that the person trusts, or a device's rights and letters
    it(`is refused by ${name} with the folder's name, and nothing of it is read`, async () => {
      for (const folder of folders) {
        const path = join(home, folder);
        for (const mode of [0o770, 0o702]) {
          await chmod(path, mode);
          await assert.rejects(open(), failsWith('FOLDER_EXPOSED', { path }), `${name}: ${folder}`);
        }
        await chmod(path, 0o700);
      }
    });
  }
});
