import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor, SuccessorsFile } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, signatory } from '../../protocol/test/sampleNetwork.ts';
import {
  fileOf,
  signedBy,
  termsOf,
  withCoordinator,
} from '../../protocol/test/sampleSuccessors.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import type { Home } from './Home.ts';
import { followAtHome } from './followAtHome.ts';

const NOW = Math.floor(Date.now() / 1000);
const [care = assert.fail()] = network.channels;
const channels = [withCoordinator(care, 'insurer', signatory('new coordinator of insurer'))];
const everybody = ['hospital', 'laboratory', 'insurer'];
const one = signedBy(network, { ...termsOf(network, NOW - 7200), channels }, everybody);
const [, after1 = assert.fail()] = followSuccessors(context, network, fileOf(one));
const authority = { ...network.authority, threshold: 3 };
const two = signedBy(after1, { ...termsOf(after1, NOW - 1800), authority }, everybody.slice(0, 2));
const [, after2 = assert.fail()] = followSuccessors(context, after1, fileOf(two));
const fork = signedBy(network, { ...termsOf(network, NOW - 7200), authority }, everybody);

let home: Home;
before(async () => {
  const path = await scratchFolder();
  home = { path, keystore: join(path, 'parties') };
  await writeFile(join(path, 'network.json'), JSON.stringify(network));
});
after(async () => await rm(home.path, { recursive: true }));

function nodeWith(
  file: NetworkFile,
  ...successors: readonly Successor[]
): Parameters<typeof followAtHome>[1] {
  return {
    network: async () => await Promise.resolve(file),
    successors: async () => await Promise.resolve(fileOf(...successors) as SuccessorsFile),
  };
}

describe('a device that pinned the first network file', () => {
  it('stays with it while the node does', async () => {
    assert.deepEqual(await followAtHome(home, nodeWith(network)), network);
    assert.deepEqual(await readPinnedNetwork({}, home), network);
  });

  it('follows no file without its successors, and none that too few signed', async () => {
    const other = failsWith('NETWORK_FILE_OTHER');
    await assert.rejects(followAtHome(home, nodeWith(after1)), other);
    const unsigned = nodeWith(after1, { ...one, signatures: one.signatures.slice(0, 1) });
    const invalid = failsWith('SUCCESSOR_INVALID');
    await assert.rejects(followAtHome(home, unsigned), invalid);
    await assert.rejects(followAtHome(home, nodeWith(after2, two)), invalid);
    const forged: NetworkFile = { ...after1, contracts: network.contracts, demo: false };
    await assert.rejects(followAtHome(home, nodeWith(forged, one)), other);
    assert.deepEqual(await readPinnedNetwork({}, home), network);
  });

  it('follows the node to a successor, and keeps what it followed', async () => {
    assert.deepEqual(await followAtHome(home, nodeWith(after1, one)), after1);
    assert.deepEqual(await readPinnedNetwork({}, home), after1);
    const next = nodeWith(after2, one, two);
    assert.deepEqual(await followAtHome(home, next), after2);
    assert.deepEqual(await readPinnedNetwork({}, home), after2);
  });

  it('never goes back, and takes no other successor of a file that it went by', async () => {
    const invalid = failsWith('SUCCESSOR_INVALID');
    await assert.rejects(followAtHome(home, nodeWith(after1, one)), invalid);
    const [, other = assert.fail()] = followSuccessors(context, network, fileOf(fork));
    await assert.rejects(
      followAtHome(home, nodeWith(other, fork)),
      failsWith('NETWORK_FORKED', { number: 1 }),
    );
    assert.deepEqual(await readPinnedNetwork({}, home), after2);
    // A node that was not started again yet goes on for an hour, and no longer.
    const late = nodeWith(after1, one, two);
    assert.deepEqual(await followAtHome(home, late), after1);
    const tooLate = followAtHome(home, nodeWith(network, one, two));
    await assert.rejects(tooLate, failsWith('NETWORK_FILE_OTHER'));
  });

  it('reads a named file with the successors that are named, and without those of the device', async () => {
    const named = join(home.path, 'network.json');
    assert.deepEqual(await readPinnedNetwork({ network: named }, home), network);
    const successors = join(home.path, 'successors.json');
    assert.deepEqual(await readPinnedNetwork({ network: named, successors }, home), after2);
  });
});
