import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import { openFolder } from '../folder/openFolder.ts';
import { shareFiles, type ShareFiles } from '../folder/shareFiles.ts';
import type { Hex } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { network as unguarded, word } from '../protocol/test/sampleNetwork.ts';
import { dealShares, type DealtKey } from './founding/dealShares.ts';
import { openShares, removeFormerShares } from './openShares.ts';

/** Shares of a folder: the present one of each key, and those that no file in force names. */

const NAMES = ['hospital', 'laboratory', 'insurer'];
const IDENTITY = `AGE-SECRET-KEY-PQ-1${'Q'.repeat(20)}`;
const ports = { primitives: portablePrimitives };

let folder: string;
let shares: ShareFiles;
let [old, present, coming, dropped]: DealtKey[] = [];
let network: NetworkFile;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-shares-'));
  shares = shareFiles(await openFolder(folder), plainKeys);
  [old, present, coming, dropped] = ['old', 'present', 'coming', 'dropped'].map(() =>
    dealShares(portablePrimitives.group, NAMES, 2, randomBytes),
  );
  network = fileWith(present ?? assert.fail(), old ?? assert.fail());
});
after(async () => await rm(folder, { recursive: true, force: true }));

/** The network with one key after another. */
function fileWith(now: DealtKey, was: DealtKey): NetworkFile {
  const before = [{ fingerprint: word('before'), until: 1, channels: channelsWith(was) }];
  return { ...unguarded, before, channels: channelsWith(now) };
}

function channelsWith({ release }: DealtKey): NetworkFile['channels'] {
  return unguarded.channels.map((channel) => ({ ...channel, release }));
}

function ownOf({ release, secrets }: DealtKey = assert.fail()): readonly [Hex, Uint8Array] {
  const key = release.shares[0]?.key ?? assert.fail();
  return [key, secrets.get('hospital') ?? assert.fail()];
}

async function opened(): Promise<boolean> {
  const [channel = assert.fail()] = network.channels;
  const home = { organisation: 'hospital', shares };
  const own = await openShares(network, channel, home, ports);
  await removeFormerShares(network, channel, home, own);
  return own !== undefined;
}

async function isThere(dealt: DealtKey | undefined): Promise<boolean> {
  return (await shares.read(ownOf(dealt)[0])) !== undefined;
}

describe('the shares in a folder', () => {
  it('stay while the present one is missing: nobody knows yet what is of use', async () => {
    await shares.write(...ownOf(old));
    await shares.keepIdentity(word('a change'), 1, IDENTITY);
    assert.equal(await opened(), false);
    assert.equal(await isThere(old), true);
    assert.equal(await shares.identity(word('a change')), IDENTITY);
  });

  // @attack a thief of a folder finds shares of before | they are removed once the present one is open
  it('of before are removed once the present one is open, with what earlier changes were sealed to; what a change to come needs stays', async () => {
    await shares.write(...ownOf(present));
    await shares.write(...ownOf(coming));
    await shares.keepIdentity(word('another change'), 2, IDENTITY);
    assert.equal(await opened(), true);
    assert.deepEqual(await Promise.all([old, present, coming].map(isThere)), [false, true, true]);
    assert.equal(await shares.identity(word('a change')), undefined);
    assert.equal(await shares.identity(word('another change')), IDENTITY);
    assert.equal((await readdir(folder)).length, 3);
    assert.equal(await opened(), true);
  });

  // @attack a thief of folders finds shares that were dealt for a change that never came, which open together as those in use do | they are removed once another change in its place is in force
  it('that were dealt for a change in whose place another one came are removed once that is in force: as many of them open too', async () => {
    await shares.write(...ownOf(present), 1);
    await shares.write(...ownOf(coming), 2);
    await shares.write(...ownOf(dropped), 1);
    const [own, secret] = ownOf(present);
    await shares.remove(own);
    assert.equal(await opened(), false);
    assert.equal(await isThere(dropped), true);
    await shares.write(own, secret, 1);
    assert.equal(await opened(), true);
    const left = await Promise.all([present, coming, dropped].map(isThere));
    assert.deepEqual(left, [true, true, false]);
  });

  it('are refused if their file is malformed', async () => {
    const files = await openFolder(folder);
    const torn = shareFiles(files, {
      wrap: async () => await Promise.resolve({ share: '0x00' }),
      unwrap: async (written) => await plainKeys.unwrap(written),
    });
    await torn.write(...ownOf(present));
    await assert.rejects(opened(), failsWith('FOLDER_FOREIGN'));
    await torn.keepIdentity(word('a third'), 3, IDENTITY);
    await assert.rejects(shares.identity(word('a third')), failsWith('FOLDER_FOREIGN'));
  });
});
