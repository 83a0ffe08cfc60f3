import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { beforeEach, afterEach, describe, it } from 'node:test';
import { Hono } from 'hono';
import { openFolder } from '../../folder/openFolder.ts';
import { FORK, type KeptFork } from '../../folder/parseKeptFork.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { listen } from '../../http/listen.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { askSuccessors, successorsPage } from '../../peers/askSuccessors.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { officeChangesOf } from '../../protocol/officeChangesOf.ts';
import { requireFork } from '../../protocol/requireFork.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/signSuccessor.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Successor } from '../../protocol/Successor.ts';
import { successorOf, type SuccessorTerms } from '../../protocol/successorOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { fileOf, seatsOf, termsOf, withCoordinator } from '../../protocol/test/sampleSuccessors.ts';
import { findPlace, MOST_AHEAD } from '../../services/succession/findPlace.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { hearSuccessors, type HearingOptions } from './hearSuccessors.ts';
import { openSuccession } from './openSuccession.ts';
import { settleFork } from './settleFork.ts';

/** A node takes successors from another one that may lie. */

const NOW = 1_800_000_000;
const DAY = 24 * 3600;
const [care = assert.fail()] = network.channels;
const QUORUM = ['hospital', 'laboratory'];

/** A successor with the changes at the ledger that belong to it, signed by some organisations. */
function signed(
  predecessor: NetworkFile,
  terms: SuccessorTerms,
  organisations: readonly string[] = QUORUM,
  change = 1,
): Successor {
  const made = successorOf(primitives, predecessor, terms);
  const offices = officeChangesOf(predecessor, made).map((each) => {
    return { ...each, change, deadline: terms.from };
  });
  const draft = draftSuccessor(context, predecessor, terms, { offices });
  return signSuccessor(context, predecessor, draft, organisations.flatMap(seatsOf));
}

/** A new key of the insurer's coordinator. */
function changing(name: string, before = network, from = NOW + DAY): SuccessorTerms {
  const [channel = care] = before.channels;
  const key = signatory(`${name} coordinator of insurer`);
  return { ...termsOf(before, from), channels: [withCoordinator(channel, 'insurer', key)] };
}

const one = signed(network, changing('new'));
const afterOne = successorOf(primitives, network, one);
const two = signed(afterOne, changing('newer', afterOne, NOW + 2 * DAY), QUORUM, 2);
const other = signed(network, changing('other'), ['laboratory', 'hospital']);
const afterOther = successorOf(primitives, network, other);
const afterThat = signed(afterOther, changing('another', afterOther, NOW + 2 * DAY), QUORUM, 2);

let path: string;
let clock: TestClock;
let ports: { readonly clock: TestClock; readonly primitives: typeof primitives };
let succession: Succession;
let kept: string[];

beforeEach(async () => {
  path = await scratchFolder();
  clock = new TestClock(NOW * 1000);
  ports = { clock, primitives };
  succession = await reopened();
  kept = [];
});
afterEach(async () => await rm(path, { recursive: true }));

async function reopened(): Promise<Succession> {
  return await openSuccession(await openFolder(path), network, { primitives });
}

/** Hears a node that gives these; it is asked page by page. */
async function hear(
  successors: readonly unknown[],
  more: Partial<HearingOptions> = {},
): Promise<void> {
  const ask = async (from: number): Promise<readonly Successor[]> => {
    const { successors: page } = successorsPage(successors as readonly Successor[], from);
    return await Promise.resolve(page);
  };
  await hearSuccessors(
    { organisation: 'laboratory', ask },
    {
      succession,
      clock,
      primitives,
      onKept: (what, { number }, from) => void kept.push(`${what} ${number} of ${from}`),
      ...more,
    },
  );
}

async function confirm(): Promise<void> {
  await Promise.reject(new Error('the ledger made another change'));
}

const invalid = failsWith('SUCCESSOR_INVALID');

async function refuses(successors: readonly unknown[], fails = invalid): Promise<void> {
  await assert.rejects(hear(successors), fails);
  assert.deepEqual(succession.successors, []);
  assert.deepEqual((await reopened()).successors, []);
}

describe('a node that hears of successors', () => {
  it('keeps those that follow, in their order, durably, once', async () => {
    await hear([]);
    await hear([one]);
    await hear([one, two]);
    await hear([one, two]);
    assert.deepEqual(kept, ['successor 1 of laboratory', 'successor 2 of laboratory']);
    assert.deepEqual((await reopened()).successors, [one, two]);
    const again = await reopened();
    assert.equal(again.inForce(NOW), again.files[0]);
    assert.equal(again.inForce(NOW + DAY), again.files[1]);
    assert.equal(again.inForce(NOW + 2 * DAY), again.files[2]);
  });

  it('goes on with what it knows if the other node lags behind it', async () => {
    await hear([one, two]);
    await hear([one]);
    assert.deepEqual(succession.successors, [one, two]);
  });

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
    await assert.rejects(hear([one, one]), malformed);
    assert.deepEqual(succession.successors, [one]);
    // The one before it in the same answer was good.
    await assert.rejects(hear([one, afterThat]), invalid);
    assert.deepEqual(succession.successors, [one]);
  });

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
    await hear([signed(network, changing('new', network, NOW + MOST_AHEAD))]);
    assert.equal(succession.successors.length, 1);
  });

  it('refuses one that the ledger contradicts', async () => {
    await assert.rejects(hear([one], { confirm }), /another change/);
    assert.deepEqual((await reopened()).successors, []);
  });

  it('keeps one once, and confirms it once, if two nodes send it at the same moment', async () => {
    let confirmed = 0;
    const slowly = async (): Promise<void> => {
      confirmed += 1;
      await writeJsonFile(await openFolder(path), 'confirmed.json', { confirmed });
    };
    await Promise.all([
      hear([one, two], { confirm: slowly }),
      hear([one, two], { confirm: slowly }),
    ]);
    assert.equal(confirmed, 2);
    assert.deepEqual(kept, ['successor 1 of laboratory', 'successor 2 of laboratory']);
    assert.deepEqual((await reopened()).successors, [one, two]);
  });

  it('takes the same one with other signatures for the one that it knows', async () => {
    await hear([one]);
    await hear([signed(network, changing('new'), ['laboratory', 'insurer'])]);
    assert.equal(succession.fork, undefined);
    assert.deepEqual(succession.successors, [one]);
  });

  it('does not take a second one of the same file for a fork if too few signed it', async () => {
    await hear([one]);
    const few = signed(network, changing('other'), ['laboratory']);
    await assert.rejects(hear([few]), invalid);
    assert.equal(succession.fork, undefined);
  });

  it('is asked no more than it takes: a node that never ends its answers is left', async () => {
    let asked = 0;
    const ask = async (): Promise<readonly Successor[]> => {
      asked += 1;
      clock.now = () => NOW * 1000 + asked * 10_000;
      return await Promise.resolve([]);
    };
    await hearSuccessors({ organisation: 'laboratory', ask }, { succession, clock, primitives });
    assert.equal(asked, 1);
    await hear([one, two]);
    const liar = async (from: number): Promise<readonly Successor[]> => {
      asked += 1;
      // Known ones first, and then always one that follows another file.
      return await Promise.resolve([from <= 1 ? one : { ...afterThat, number: from }]);
    };
    await assert.rejects(
      hearSuccessors({ organisation: 'laboratory', ask: liar }, { succession, clock, primitives }),
      invalid,
    );
    assert.ok(asked < 8, `${asked} questions`);
  });
});

describe('a succession that forks', () => {
  beforeEach(async () => {
    await hear([one]);
    await hear([other]);
  });

  it('is kept as proof that anybody can verify offline, with the file that was in force', async () => {
    assert.deepEqual(kept, ['successor 1 of laboratory', 'fork 1 of laboratory']);
    const { fork } = await reopened();
    assert.deepEqual(fork, { successors: [one, other] });
    assert.equal(requireFork(context, [network], fork).number, 1);
    assert.throws(() => requireFork(context, [network], { successors: [one, one] }), invalid);
    assert.throws(() => requireFork(context, [network], { successors: [one] }), invalid);
    const forged = { ...other, signatures: other.signatures.slice(1) };
    assert.throws(() => requireFork(context, [network], { successors: [one, forged] }), invalid);
  });

  it('stops adoption, after a restart too, and takes nothing that follows either', async () => {
    for (const each of [succession, await reopened()]) {
      assert.equal(each.inForce(NOW + 5 * DAY), each.files[0]);
    }
    await assert.rejects(hear([one, two]), invalid);
    await hear([other, afterThat]);
    assert.deepEqual((await reopened()).successors, [one]);
    assert.deepEqual(kept.length, 2);
  });

  it('is found by a node that has gone further, too, and leaves it with the file that it has', async () => {
    succession = await openSuccession(await openFolder(`${path}/further`), network, { primitives });
    await hear([one, two]);
    clock.now = () => (NOW + 3 * DAY) * 1000;
    await hear([other, afterThat]);
    assert.notEqual(succession.fork, undefined);
    assert.equal(succession.inForce(NOW + 9 * DAY), succession.files[2]);
  });

  it('is not believed from a file that was altered', async () => {
    const files = await openFolder(path);
    const fork = { format: 'medseal-fork/1', successors: [one, other], inForce: 0 };
    for (const altered of [
      { ...fork, successors: [one, { ...other, signatures: [] }] },
      { ...fork, successors: [other, other] },
      { ...fork, keeps: `0x${'00'.repeat(32)}` },
      { ...fork, inForce: -1 },
      {},
    ]) {
      await writeJsonFile(files, FORK, altered);
      await assert.rejects(reopened(), invalid);
    }
  });
});

/** Serves an answer, and asks for it. */
async function asking(app: Hono, patience = 2000): Promise<Asking> {
  const listening = await listen(app, 0);
  const { url } = listening;
  const asked = { organisation: 'laboratory', url, clock: systemClock, patience };
  return {
    ask: async () => await askSuccessors(asked, 1),
    close: async () => await listening.close(),
  };
}

interface Asking {
  readonly ask: () => Promise<readonly Successor[]>;
  readonly close: () => Promise<void>;
}

describe('a fork that the operator decides', () => {
  const prints = [afterOne, afterOther].map((file) => fingerprintOf(primitives, file));
  const [first = assert.fail(), second = assert.fail()] = prints;

  beforeEach(async () => {
    await writeJsonFile(await openFolder(path), 'network.json', network);
    await hear([one]);
    await hear([other]);
  });

  it('for the file that is here goes on with it, and takes the other no more', async () => {
    const files = await openFolder(path);
    const wrong = failsWith('ARGUMENT_INVALID');
    await assert.rejects(settleFork(files, `0x${'00'.repeat(32)}`, ports), wrong);
    assert.equal(await settleFork(files, first, ports), 1);
    succession = await reopened();
    assert.equal(succession.fork, undefined);
    assert.equal(succession.inForce(NOW + DAY), succession.files[1]);
    await hear([other, afterThat]);
    await hear([one, two]);
    assert.equal(succession.fork, undefined);
    assert.deepEqual((await reopened()).successors, [one, two]);
  });

  it('for the other one goes on with that', async () => {
    assert.equal(await settleFork(await openFolder(path), second, ports), 1);
    succession = await reopened();
    await hear([one, two]);
    await hear([other, afterThat]);
    assert.equal(succession.fork, undefined);
    assert.deepEqual((await reopened()).successors, [other, afterThat]);
  });

  it('is decided as before if the same is decided again', async () => {
    const files = await openFolder(path);
    for (const again of [first, first]) await settleFork(files, again, ports);
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [other]);
    assert.equal((await reopened()).fork, undefined);
  });

  it('is decided the other way after all, until the file that holds is in force', async () => {
    const files = await openFolder(path);
    for (const print of [first, second, first, second]) {
      await settleFork(files, print, ports);
      succession = await reopened();
      assert.equal(succession.fork, undefined);
    }
    assert.deepEqual(succession.successors, [other]);
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [one]);
    clock.now = () => (NOW + 2 * DAY) * 1000;
    await assert.rejects(settleFork(files, first, ports), failsWith('ARGUMENT_INVALID'));
    assert.deepEqual((await reopened()).successors, [other]);
  });

  it('is open if the decision for the other after all is cut off between its writes', async () => {
    const files = await openFolder(path);
    await settleFork(files, first, ports);
    const { keeps, dropped, ...open } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual([keeps, dropped], [first, [other]]);
    await writeJsonFile(files, FORK, { ...open, dropped: [] });
    assert.notEqual((await reopened()).fork, undefined);
    await writeJsonFile(files, 'successors.json', fileOf(other));
    assert.notEqual((await reopened()).fork, undefined);
    await settleFork(files, second, ports);
    succession = await reopened();
    assert.deepEqual(succession.successors, [other]);
    assert.equal(succession.fork, undefined);
  });

  it('is open still if the decision is cut off between its writes', async () => {
    const files = await openFolder(path);
    await writeJsonFile(files, 'successors.json', fileOf(other));
    succession = await reopened();
    assert.deepEqual(succession.fork?.successors.length, 2);
    assert.equal(succession.inForce(NOW + DAY), succession.files[0]);
    await settleFork(files, second, ports);
    assert.equal((await reopened()).fork, undefined);
  });

  it('is not for a file that this folder has worked under the other of', async () => {
    const further = await openFolder(`${path}/further`);
    succession = await openSuccession(further, network, { primitives });
    await writeJsonFile(further, 'network.json', network);
    await hear([one]);
    clock.now = () => (NOW + 2 * DAY) * 1000;
    await hear([other]);
    await assert.rejects(settleFork(further, second, ports), failsWith('ARGUMENT_INVALID'));
    await settleFork(further, first, ports);
    const folder = await openFolder(`${path}/nothing`);
    await assert.rejects(settleFork(folder, first, ports), failsWith('NOT_FOUND'));
  });
});

describe('forks that the operator decided earlier', () => {
  const third = signed(network, changing('third'));
  const afterThird = successorOf(primitives, network, third);
  const afterTwo = successorOf(primitives, afterOne, two);
  const otherTwo = signed(afterOne, changing('second', afterOne, NOW + 2 * DAY), QUORUM, 2);
  const afterOtherTwo = successorOf(primitives, afterOne, otherTwo);
  const three = signed(afterTwo, changing('later', afterTwo, NOW + 3 * DAY), QUORUM, 3);
  const otherThree = signed(afterTwo, changing('odd', afterTwo, NOW + 3 * DAY), QUORUM, 3);

  /** Somebody hands in another successor of a known file; tells whether it opens a fork, or one is open. */
  async function handed(successor: Successor): Promise<boolean> {
    const found = findPlace({ primitives }, succession, successor, NOW);
    assert.equal(found.kind, 'fork');
    const isKept = await succession.keepFork(successor, NOW);
    assert.equal(succession.fork !== undefined, isKept);
    assert.deepEqual((await reopened()).fork, succession.fork);
    return isKept;
  }

  async function decided(successor: Successor, kept: NetworkFile): Promise<void> {
    assert.equal(await handed(successor), true);
    await settleFork(await openFolder(path), fingerprintOf(primitives, kept), ports);
    succession = await reopened();
    assert.equal(succession.fork, undefined);
  }

  beforeEach(async () => {
    await writeJsonFile(await openFolder(path), 'network.json', network);
    await hear([one]);
    await decided(other, afterOne);
    await hear([one, two]);
  });

  it('stay decided after later ones are decided', async () => {
    await decided(otherTwo, afterTwo);
    assert.equal(await handed(other), false);
    await hear([one, two, three]);
    await decided(otherThree, successorOf(primitives, afterTwo, three));
    for (const again of [other, otherTwo, otherThree]) assert.equal(await handed(again), false);
    await hear([other, afterThat]);
    assert.equal(succession.fork, undefined);
    assert.deepEqual((await reopened()).successors, [one, two, three]);
  });

  it('stay decided while a later one is open', async () => {
    assert.equal(await handed(otherTwo), true);
    const { fork } = succession;
    assert.deepEqual(fork, { successors: [two, otherTwo] });
    assert.equal(await succession.keepFork(other, NOW), false);
    assert.deepEqual(succession.fork, fork);
  });

  it('are no reason to overlook a third one of the same file', async () => {
    await decided(third, afterThird);
    assert.equal(await handed(one), false);
    assert.equal(await handed(other), false);
    assert.deepEqual((await reopened()).successors, [third]);
  });

  it('are forgotten with the branch that an earlier decision drops', async () => {
    await decided(otherTwo, afterOtherTwo);
    await decided(third, afterThird);
    for (const again of [one, other]) assert.equal(await handed(again), false);
    const { dropped } = (await readJsonFile(await openFolder(path), FORK)) as KeptFork;
    assert.deepEqual(dropped, [other, one]);
    // Of the successor of a dropped file nothing is known any more.
    const made = [other, one].map((each) => successorOf(primitives, network, each));
    assert.deepEqual((await reopened()).dropped, made);
    assert.throws(() => findPlace({ primitives }, succession, otherTwo, NOW), invalid);
  });

  it('can be read if an earlier decision is cut off between its writes', async () => {
    await decided(otherTwo, afterTwo);
    assert.equal(await handed(third), true);
    const files = await openFolder(path);
    await writeJsonFile(files, 'successors.json', fileOf(third));
    succession = await reopened();
    assert.notEqual(succession.fork, undefined);
    await settleFork(files, fingerprintOf(primitives, afterThird), ports);
    succession = await reopened();
    assert.equal(await handed(other), false);
  });

  it('are not believed from a file that was altered', async () => {
    assert.equal(await handed(otherTwo), true);
    const files = await openFolder(path);
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
      await assert.rejects(reopened(), invalid);
    }
  });

  it('are the newest 64 that the folder keeps', async () => {
    assert.equal(await handed(third), true);
    const files = await openFolder(path);
    const fork = (await readJsonFile(files, FORK)) as KeptFork;
    const more = Array.from({ length: 63 }, (_, place) => signed(network, changing(`no ${place}`)));
    await writeJsonFile(files, FORK, { ...fork, dropped: [other, ...more] });
    await settleFork(files, fingerprintOf(primitives, afterOne), ports);
    succession = await reopened();
    const { dropped } = (await readJsonFile(files, FORK)) as KeptFork;
    assert.deepEqual(dropped, [...more, third]);
    assert.equal(await handed(other), true);
  });
});

describe('the question for successors', () => {
  it('takes an answer of sixteen at most, of one shape, of four MiB, in time', async () => {
    const many = Array.from({ length: 17 }, (_, place) => ({ ...one, number: place + 1 }));
    const malformed = failsWith('PEER_MALFORMED');
    const unreachable = failsWith('PEER_UNREACHABLE');
    const cases: [Hono['fetch'], typeof malformed][] = [
      [() => Response.json(fileOf(...many)), malformed],
      [() => Response.json({ ...(fileOf(one) as object), more: true }), malformed],
      [() => Response.json([one]), malformed],
      [() => new Response('{'), malformed],
      [() => new Response(new Uint8Array(4 * 2 ** 20 + 1)), malformed],
      [() => new Response('', { status: 503 }), unreachable],
      [() => Response.redirect('http://127.0.0.1:1/'), unreachable],
    ];
    for (const [answer, fails] of cases) {
      const { ask, close } = await asking(
        new Hono().all('*', async (c) => await answer(c.req.raw)),
      );
      await assert.rejects(ask(), fails);
      await close();
    }
    const { ask, close } = await asking(
      new Hono().all('*', () => {
        const body = new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(9)) });
        return new Response(body);
      }),
      200,
    );
    await assert.rejects(ask(), unreachable);
    await close();
  });

  it('is answered in pages, from a number on', () => {
    const many = Array.from({ length: 40 }, (_, place) => ({ ...one, number: place + 1 }));
    assert.deepEqual(
      successorsPage(many, 30).successors.map(({ number }) => number),
      [30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40],
    );
    assert.equal(successorsPage(many, 1).successors.length, 16);
    assert.deepEqual(successorsPage(many, 41).successors, []);
    const large = many.map((each) => ({
      ...each,
      signatures: [`0x${'0'.repeat(2 ** 21)}`] as const,
    }));
    assert.equal(successorsPage(large, 1).successors.length, 1);
  });
});
