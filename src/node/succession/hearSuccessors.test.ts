import assert from 'node:assert/strict';
import { beforeEach, afterEach, describe, it } from 'node:test';
import { openFolder } from '../../folder/openFolder.ts';
import { FORK } from '../../folder/parseKeptFork.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { requireFork } from '../../protocol/network/requireFork.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { MOST_AHEAD } from '../../services/succession/findPlace.ts';
import { hearSuccessors } from './hearSuccessors.ts';
import { openSuccession } from './openSuccession.ts';
import { branches, changing, DAY, HearingStage, NOW, signed } from './test/HearingStage.ts';

/** A node takes successors from another one that may lie. */

const { one, two, other, afterThat } = branches;
const invalid = failsWith('SUCCESSOR_INVALID');

let stage: HearingStage;
beforeEach(async () => {
  stage = await HearingStage.open();
});
afterEach(async () => await stage.end());

async function confirm(): Promise<void> {
  await Promise.reject(new Error('the ledger made another change'));
}

async function refuses(successors: readonly unknown[], fails = invalid): Promise<void> {
  await assert.rejects(stage.hear(successors), fails);
  assert.deepEqual(stage.succession.successors, []);
  assert.deepEqual((await stage.reopened()).successors, []);
}

describe('a node that hears of successors', () => {
  it('keeps those that follow, in their order, durably, once', async () => {
    await stage.hear([]);
    await stage.hear([one]);
    await stage.hear([one, two]);
    await stage.hear([one, two]);
    assert.deepEqual(stage.kept, ['successor 1 of laboratory', 'successor 2 of laboratory']);
    assert.deepEqual((await stage.reopened()).successors, [one, two]);
    const again = await stage.reopened();
    assert.equal(again.inForce(NOW), again.files[0]);
    assert.equal(again.inForce(NOW + DAY), again.files[1]);
    assert.equal(again.inForce(NOW + 2 * DAY), again.files[2]);
  });

  it('goes on with what it knows if the other node lags behind it', async () => {
    await stage.hear([one, two]);
    await stage.hear([one]);
    assert.deepEqual(stage.succession.successors, [one, two]);
  });

  // @actor a lying node | to have a forged successor taken
  it('refuses one that too few signed, that nobody signed, or that was altered', async () => {
    await refuses([signed(network, changing('new'), ['hospital'])]);
    await refuses([{ ...one, signatures: [] }]);
    await refuses([{ ...one, from: one.from + 1 }]);
    await refuses([{ ...one, authority: { ...one.authority, threshold: 3 } }]);
  });

  it('refuses one that follows another file, or is not in its place', async () => {
    await refuses([{ ...one, predecessor: other.signatures[0]?.slice(0, 66) }]);
    const malformed = failsWith('PEER_MALFORMED');
    await refuses([two], malformed);
    await refuses([{ ...one, number: 2 }], malformed);
    await assert.rejects(stage.hear([one, one]), malformed);
    assert.deepEqual(stage.succession.successors, [one]);
    // The one before it in the same answer was good.
    await assert.rejects(stage.hear([one, afterThat]), invalid);
    assert.deepEqual(stage.succession.successors, [one]);
  });

  // @actor a lying node | to take a change at the ledger out
  it('refuses one without the changes at the ledger that belong to it, or with others, whoever signed the rest', async () => {
    const [rule = assert.fail()] = one.offices;
    await refuses([{ ...one, offices: [] }]);
    await refuses([{ ...one, offices: [{ ...rule, signatures: [] }] }]);
    await refuses([{ ...one, offices: [{ ...rule, signatures: rule.signatures.slice(1) }] }]);
    const [first = assert.fail()] = rule.signatures;
    const many = Array.from({ length: 200 }, () => first);
    await refuses([{ ...one, offices: [{ ...rule, signatures: many }] }]);
    const later = { ...rule.message, change: 7 };
    await refuses([{ ...one, offices: [{ ...rule, message: later }] }]);
    const stake = {
      message: { key: `0x${'11'.repeat(32)}`, amount: 1000, change: 1, deadline: NOW + DAY },
      signatures: [],
    };
    await refuses([{ ...one, stakes: [stake] }]);
  });

  it('refuses one that is over a year ahead: it would keep all others out', async () => {
    await refuses([signed(network, changing('new', network, NOW + MOST_AHEAD + 1))]);
    await stage.hear([signed(network, changing('new', network, NOW + MOST_AHEAD))]);
    assert.equal(stage.succession.successors.length, 1);
  });

  it('refuses one that the ledger contradicts', async () => {
    await assert.rejects(stage.hear([one], { confirm }), /another change/);
    assert.deepEqual((await stage.reopened()).successors, []);
  });

  // @attack two nodes send a successor at the same moment, and the one that is second is logged as a liar | one successor is placed after the other, whoever brings it
  it('keeps one once, and confirms it once, if two nodes send it at the same moment', async () => {
    let confirmed = 0;
    const slowly = async (): Promise<void> => {
      confirmed += 1;
      await writeJsonFile(await openFolder(stage.path), 'confirmed.json', { confirmed });
    };
    await Promise.all([
      stage.hear([one, two], { confirm: slowly }),
      stage.hear([one, two], { confirm: slowly }),
    ]);
    assert.equal(confirmed, 2);
    assert.deepEqual(stage.kept, ['successor 1 of laboratory', 'successor 2 of laboratory']);
    assert.deepEqual((await stage.reopened()).successors, [one, two]);
  });

  it('takes the same one with other signatures for the one that it knows', async () => {
    await stage.hear([one]);
    await stage.hear([signed(network, changing('new'), ['laboratory', 'insurer'])]);
    assert.equal(stage.succession.fork, undefined);
    assert.deepEqual(stage.succession.successors, [one]);
  });

  it('does not take a second one of the same file for a fork if too few signed it', async () => {
    await stage.hear([one]);
    const few = signed(network, changing('other'), ['laboratory']);
    await assert.rejects(stage.hear([few]), invalid);
    assert.equal(stage.succession.fork, undefined);
  });

  // @actor a lying node | to keep a node busy with answers
  it('is asked no more than it takes: a node that never ends its answers is left', async () => {
    let asked = 0;
    const ask = async (): Promise<readonly Successor[]> => {
      asked += 1;
      stage.clock.now = () => NOW * 1000 + asked * 10_000;
      return await Promise.resolve([]);
    };
    await hearSuccessors(
      { organisation: 'laboratory', ask },
      { ...stage.ports, succession: stage.succession },
    );
    assert.equal(asked, 1);
    await stage.hear([one, two]);
    const liar = async (from: number): Promise<readonly Successor[]> => {
      asked += 1;
      // Known ones first, and then always one that follows another file.
      return await Promise.resolve([from <= 1 ? one : { ...afterThat, number: from }]);
    };
    await assert.rejects(
      hearSuccessors(
        { organisation: 'laboratory', ask: liar },
        { ...stage.ports, succession: stage.succession },
      ),
      invalid,
    );
    assert.ok(asked < 8, `${asked} questions`);
  });
});

describe('a succession that forks', () => {
  beforeEach(async () => {
    await stage.hear([one]);
    await stage.hear([other]);
  });

  it('is kept as proof that anybody can verify offline, with the file that was in force', async () => {
    assert.deepEqual(stage.kept, ['successor 1 of laboratory', 'fork 1 of laboratory']);
    const { fork } = await stage.reopened();
    assert.deepEqual(fork, { successors: [one, other] });
    assert.equal(requireFork(context, [network], fork).number, 1);
    assert.throws(() => requireFork(context, [network], { successors: [one, one] }), invalid);
    assert.throws(() => requireFork(context, [network], { successors: [one] }), invalid);
    const forged = { ...other, signatures: other.signatures.slice(1) };
    assert.throws(() => requireFork(context, [network], { successors: [one, forged] }), invalid);
  });

  // @actor a quorum that signs twice | to have nodes follow different files
  it('stops adoption, after a restart too, and takes nothing that follows either', async () => {
    for (const each of [stage.succession, await stage.reopened()]) {
      assert.equal(each.inForce(NOW + 5 * DAY), each.files[0]);
    }
    await assert.rejects(stage.hear([one, two]), invalid);
    await stage.hear([other, afterThat]);
    assert.deepEqual((await stage.reopened()).successors, [one]);
    assert.deepEqual(stage.kept.length, 2);
  });

  it('is found by a node that has gone further, too, and leaves it with the file that it has', async () => {
    stage.succession = await openSuccession(await openFolder(`${stage.path}/further`), network, {
      primitives,
    });
    await stage.hear([one, two]);
    stage.clock.now = () => (NOW + 3 * DAY) * 1000;
    await stage.hear([other, afterThat]);
    assert.notEqual(stage.succession.fork, undefined);
    assert.equal(stage.succession.inForce(NOW + 9 * DAY), stage.succession.files[2]);
  });

  it('is not believed from a file that was altered', async () => {
    const files = await openFolder(stage.path);
    const fork = { format: 'medseal-fork/1', successors: [one, other], inForce: 0 };
    for (const altered of [
      { ...fork, successors: [one, { ...other, signatures: [] }] },
      { ...fork, successors: [other, other] },
      { ...fork, keeps: `0x${'00'.repeat(32)}` },
      { ...fork, inForce: -1 },
      {},
    ]) {
      await writeJsonFile(files, FORK, altered);
      await assert.rejects(stage.reopened(), invalid);
    }
  });
});
