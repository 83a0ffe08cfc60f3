import assert from 'node:assert/strict';
import { beforeEach, afterEach, describe, it } from 'node:test';
import { openFolder } from '../../folder/openFolder.ts';
import { FORK, type KeptFork } from '../../folder/parseKeptFork.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { fileOf } from '../../protocol/test/sampleSuccessors.ts';
import { findPlace } from '../../services/succession/findPlace.ts';
import { openSuccession } from './openSuccession.ts';
import { settleFork } from './settleFork.ts';
import {
  branches,
  changing,
  DAY,
  filesAfter,
  HearingStage,
  NOW,
  QUORUM,
  signed,
} from './test/HearingStage.ts';

/** An operator decides which of two successors of one file holds. */

const { one, two, other, afterThat } = branches;
const { afterOne, afterOther } = filesAfter;
const invalid = failsWith('SUCCESSOR_INVALID');

let stage: HearingStage;
beforeEach(async () => {
  stage = await HearingStage.open();
});
afterEach(async () => await stage.end());

describe('a fork that the operator decides', () => {
  const prints = [afterOne, afterOther].map((file) => fingerprintOf(primitives, file));
  const [first = assert.fail(), second = assert.fail()] = prints;

  beforeEach(async () => {
    await writeJsonFile(await openFolder(stage.path), 'network.json', network);
    await stage.hear([one]);
    await stage.hear([other]);
  });

  it('for the file that is here goes on with it, and takes the other no more', async () => {
    const files = await openFolder(stage.path);
    const wrong = failsWith('ARGUMENT_INVALID');
    await assert.rejects(settleFork(files, `0x${'00'.repeat(32)}`, stage.ports), wrong);
    assert.equal(await settleFork(files, first, stage.ports), 1);
    stage.succession = await stage.reopened();
    assert.equal(stage.succession.fork, undefined);
    assert.equal(stage.succession.inForce(NOW + DAY), stage.succession.files[1]);
    await stage.hear([other, afterThat]);
    await stage.hear([one, two]);
    assert.equal(stage.succession.fork, undefined);
    assert.deepEqual((await stage.reopened()).successors, [one, two]);
  });

  it('for the other one goes on with that', async () => {
    assert.equal(await settleFork(await openFolder(stage.path), second, stage.ports), 1);
    stage.succession = await stage.reopened();
    await stage.hear([one, two]);
    await stage.hear([other, afterThat]);
    assert.equal(stage.succession.fork, undefined);
    assert.deepEqual((await stage.reopened()).successors, [other, afterThat]);
  });

  it('is decided as before if the same is decided again', async () => {
    const files = await openFolder(stage.path);
    for (const again of [first, first]) await settleFork(files, again, stage.ports);
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [other]);
    assert.equal((await stage.reopened()).fork, undefined);
  });

  it('is decided the other way after all, until the file that holds is in force', async () => {
    const files = await openFolder(stage.path);
    for (const print of [first, second, first, second]) {
      await settleFork(files, print, stage.ports);
      stage.succession = await stage.reopened();
      assert.equal(stage.succession.fork, undefined);
    }
    assert.deepEqual(stage.succession.successors, [other]);
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [one]);
    stage.clock.now = () => (NOW + 2 * DAY) * 1000;
    await assert.rejects(settleFork(files, first, stage.ports), failsWith('ARGUMENT_INVALID'));
    assert.deepEqual((await stage.reopened()).successors, [other]);
  });

  it('is open if the decision for the other after all is cut off between its writes', async () => {
    const files = await openFolder(stage.path);
    await settleFork(files, first, stage.ports);
    const { keeps, dropped, ...open } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual([keeps, dropped], [first, [other]]);
    await writeJsonFile(files, FORK, { ...open, dropped: [] });
    assert.notEqual((await stage.reopened()).fork, undefined);
    await writeJsonFile(files, 'successors.json', fileOf(other));
    assert.notEqual((await stage.reopened()).fork, undefined);
    await settleFork(files, second, stage.ports);
    stage.succession = await stage.reopened();
    assert.deepEqual(stage.succession.successors, [other]);
    assert.equal(stage.succession.fork, undefined);
  });

  it('is open still if the decision is cut off between its writes', async () => {
    const files = await openFolder(stage.path);
    await writeJsonFile(files, 'successors.json', fileOf(other));
    stage.succession = await stage.reopened();
    assert.deepEqual(stage.succession.fork?.successors.length, 2);
    assert.equal(stage.succession.inForce(NOW + DAY), stage.succession.files[0]);
    await settleFork(files, second, stage.ports);
    assert.equal((await stage.reopened()).fork, undefined);
  });

  it('is not for a file that this folder has worked under the other of', async () => {
    const further = await openFolder(`${stage.path}/further`);
    stage.succession = await openSuccession(further, network, { primitives });
    await writeJsonFile(further, 'network.json', network);
    await stage.hear([one]);
    stage.clock.now = () => (NOW + 2 * DAY) * 1000;
    await stage.hear([other]);
    await assert.rejects(settleFork(further, second, stage.ports), failsWith('ARGUMENT_INVALID'));
    await settleFork(further, first, stage.ports);
    const folder = await openFolder(`${stage.path}/nothing`);
    await assert.rejects(settleFork(folder, first, stage.ports), failsWith('NOT_FOUND'));
  });
});

/** Somebody hands in another successor of a known file; tells whether it opens a fork, or one is open. */
async function handed(successor: Successor): Promise<boolean> {
  const found = findPlace({ primitives }, stage.succession, successor, NOW);
  assert.equal(found.kind, 'fork');
  const isKept = await stage.succession.keepFork(successor, NOW);
  assert.equal(stage.succession.fork !== undefined, isKept);
  assert.deepEqual((await stage.reopened()).fork, stage.succession.fork);
  return isKept;
}

async function decided(successor: Successor, kept: NetworkFile): Promise<void> {
  assert.equal(await handed(successor), true);
  await settleFork(await openFolder(stage.path), fingerprintOf(primitives, kept), stage.ports);
  stage.succession = await stage.reopened();
  assert.equal(stage.succession.fork, undefined);
}

describe('forks that the operator decided earlier', () => {
  const third = signed(network, changing('third'));
  const afterThird = successorOf(primitives, network, third);
  const afterTwo = successorOf(primitives, afterOne, two);
  const otherTwo = signed(afterOne, changing('second', afterOne, NOW + 2 * DAY), QUORUM, 2);
  const afterOtherTwo = successorOf(primitives, afterOne, otherTwo);
  const three = signed(afterTwo, changing('later', afterTwo, NOW + 3 * DAY), QUORUM, 3);
  const otherThree = signed(afterTwo, changing('odd', afterTwo, NOW + 3 * DAY), QUORUM, 3);

  beforeEach(async () => {
    await writeJsonFile(await openFolder(stage.path), 'network.json', network);
    await stage.hear([one]);
    await decided(other, afterOne);
    await stage.hear([one, two]);
  });

  // @actor who holds a dropped change | to open a fork again that was decided
  it('stay decided after later ones are decided', async () => {
    await decided(otherTwo, afterTwo);
    assert.equal(await handed(other), false);
    await stage.hear([one, two, three]);
    await decided(otherThree, successorOf(primitives, afterTwo, three));
    for (const again of [other, otherTwo, otherThree]) assert.equal(await handed(again), false);
    await stage.hear([other, afterThat]);
    assert.equal(stage.succession.fork, undefined);
    assert.deepEqual((await stage.reopened()).successors, [one, two, three]);
  });

  it('stay decided while a later one is open', async () => {
    assert.equal(await handed(otherTwo), true);
    const { fork } = stage.succession;
    assert.deepEqual(fork, { successors: [two, otherTwo] });
    assert.equal(await stage.succession.keepFork(other, NOW), false);
    assert.deepEqual(stage.succession.fork, fork);
  });

  it('are no reason to overlook a third one of the same file', async () => {
    await decided(third, afterThird);
    assert.equal(await handed(one), false);
    assert.equal(await handed(other), false);
    assert.deepEqual((await stage.reopened()).successors, [third]);
  });

  it('are forgotten with the branch that an earlier decision drops', async () => {
    await decided(otherTwo, afterOtherTwo);
    await decided(third, afterThird);
    for (const again of [one, other]) assert.equal(await handed(again), false);
    const { dropped } = (await readJsonFile(await openFolder(stage.path), FORK)) as KeptFork;
    assert.deepEqual(dropped, [other, one]);
    // Of the successor of a dropped file nothing is known any more.
    const made = [other, one].map((each) => successorOf(primitives, network, each));
    assert.deepEqual((await stage.reopened()).dropped, made);
    assert.throws(() => findPlace({ primitives }, stage.succession, otherTwo, NOW), invalid);
  });

  it('can be read if an earlier decision is cut off between its writes', async () => {
    await decided(otherTwo, afterTwo);
    assert.equal(await handed(third), true);
    const files = await openFolder(stage.path);
    await writeJsonFile(files, 'successors.json', fileOf(third));
    stage.succession = await stage.reopened();
    assert.notEqual(stage.succession.fork, undefined);
    await settleFork(files, fingerprintOf(primitives, afterThird), stage.ports);
    stage.succession = await stage.reopened();
    assert.equal(await handed(other), false);
  });

  it('are not believed from a file that was altered', async () => {
    assert.equal(await handed(otherTwo), true);
    const files = await openFolder(stage.path);
    const fork = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(fork.dropped, [other]);
    for (const dropped of [
      [{ ...other, signatures: [] }],
      [one],
      [{ ...other, from: other.from + 1 }],
      [afterThat],
      [other, other],
      Array.from({ length: 65 }, () => other),
      {},
    ]) {
      await writeJsonFile(files, FORK, { ...fork, dropped });
      await assert.rejects(stage.reopened(), invalid);
    }
  });

  it('are the newest 64 that the folder keeps', async () => {
    assert.equal(await handed(third), true);
    const files = await openFolder(stage.path);
    const fork = (await readJsonFile(files, FORK)) as KeptFork;
    const more = Array.from({ length: 63 }, (_, place) => signed(network, changing(`no ${place}`)));
    await writeJsonFile(files, FORK, { ...fork, dropped: [other, ...more] });
    await settleFork(files, fingerprintOf(primitives, afterOne), stage.ports);
    stage.succession = await stage.reopened();
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [...more, third]);
    assert.equal(await handed(other), true);
  });
});
