import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import type { GrantState, PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import type { RuleType, Signed } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { MOST_FOR_PATIENT, type ChartView } from './DepositQuota.ts';
import { sampleRecipients } from './test/sampleRecipients.ts';
import { DepositStore, type CheckedDeposit } from './DepositStore.ts';

const primitives = await createNativePrimitives();
const [handle, other, grant, second] = [word('handle'), word('other'), word('grant'), word('2nd')];
const party = `0x${'aa'.repeat(20)}` as const;
const NOW = 1_000_000;
const MIB = 2 ** 20;

function store(database: ServiceDatabase = new MemoryDatabase()): DepositStore {
  const random = seededRandom('kept room');
  const bodies = encryptBodies({ storageKey: new Uint8Array(32), random, primitives });
  return new DepositStore({ database, random, primitives, bodies });
}

interface Ledger {
  readonly epoch?: number;
  readonly moment?: number;
  readonly grants?: Readonly<Record<Bytes32, GrantState>>;
  readonly chart?: Partial<PatientFacts>;
}

/** Makes a node's view of the ledger. */
function view({ epoch = 1, moment = NOW, grants = {}, chart = {} }: Ledger = {}): ChartView {
  const active: Ledger['grants'] = { [grant]: 'active', [second]: 'active', ...grants };
  return {
    moment,
    isPlaced: () => false,
    patient: (of) => {
      const range = { first: 1, count: 9, root: word('root') };
      return { handle: of, controller: party, epoch, ...range, ...chart };
    },
    grant: (digest) => {
      const state = active[digest];
      return state && { handle, state };
    },
  };
}

let sources = 0;

/** Makes a deposit that a patient's signature binds. */
function keep(
  revision: number,
  packets: readonly DepositedPacket[],
  of: Handle = handle,
): CheckedDeposit {
  sources += 1;
  const sealed = `sealed ${revision}`;
  const hash = bytesToHex(primitives.sha256(utf8ToBytes(sealed)));
  const bound = packetsHash(primitives, packets);
  const message = { handle: of, revision, state: hash, packets: bound, deadline: NOW + 300 };
  const request = { type: 'Keep', party, message, signature: '0x' } as const;
  const source = { id: word(`source ${sources}`), copy: { patient: { request, packets: [] } } };
  return {
    packets: { handle: of, packets, revision },
    state: { handle: of, revision, hash, sealed },
    source,
  };
}

function rule(type: RuleType, message: object, others: Partial<CheckedDeposit>): CheckedDeposit {
  sources += 1;
  const request = {
    type,
    party,
    message: { handle, deadline: NOW + 300, terms: { grantee: party, until: NOW + 9 }, ...message },
    signature: '0x',
  } as unknown as Signed<RuleType>;
  return {
    ...others,
    source: { id: word(`source ${sources}`), copy: { submission: { request } } },
  };
}

function packet(epoch: number, text = `for ${epoch}`, of: Bytes32 = grant): DepositedPacket {
  return { grant: of, epoch, packet: text };
}

async function ids(deposits: DepositStore): Promise<readonly Bytes32[]> {
  return (await deposits.copies.after(0)).kept.map(({ id }) => id);
}

function idOf({ source }: CheckedDeposit): Bytes32 {
  assert.ok(source);
  return source.id;
}

describe('room for what a patient has a node keep', () => {
  // @attack a patient has nodes keep packets, states and sheets without end | a quota for each patient, and what is superseded is deleted
  it('is bounded: beyond it nothing is kept, and what is superseded makes room', async () => {
    const deposits = store();
    const most = MOST_FOR_PATIENT / (8 * MIB) + 1;
    for (let epoch = 1; epoch <= most - 1; epoch++) {
      await deposits.keep(keep(epoch, [packet(epoch, 'A'.repeat(8 * MIB))]), view());
    }
    const more = keep(most, [packet(most, 'A'.repeat(8 * MIB))]);
    await assert.rejects(
      deposits.keep(more, view()),
      failsWith('QUOTA_SPENT', { what: 'deposits for one patient' }),
    );
    assert.equal((await deposits.state(handle))?.revision, most - 1);
    // Another's quota is another's.
    await deposits.keep(keep(1, [packet(1, 'A', second)], other), view());
    // Once the ledger is further, older packets of the same grant are given to nobody.
    await deposits.keep(more, view({ epoch: most - 1 }));
    assert.equal((await deposits.packet(grant, most - 2))?.packet, undefined);
    assert.equal((await deposits.packet(grant, most - 1))?.epoch, most - 1);
    assert.equal((await deposits.packet(grant, most))?.epoch, most);
  });

  // @attack a patient whose quota is spent cannot end a right | a part of it is left for that
  it('is left for the end of a right when no grant and no commitment is taken any more', async () => {
    const deposits = store();
    for (let epoch = 1; epoch <= 8; epoch++) {
      await deposits.keep(keep(epoch, [packet(epoch, 'A'.repeat(8 * MIB - 1000))]), view());
    }
    const long = [packet(1, 'A'.repeat(MIB), second)];
    const packets = { handle, packets: long, revision: 8 };
    const grants = rule('Grant', {}, { packets, grant: second });
    await assert.rejects(deposits.keep(grants, view()), failsWith('QUOTA_SPENT'));
    const commits = commit(word('new'), 2, 400);
    await assert.rejects(deposits.keep(commits, view()), failsWith('QUOTA_SPENT'));
    await deposits.keep(rule('Revoke', { grant }, { packets }), view());
    await deposits.keep(keep(9, long), view());
  });

  it('is given to no packet of a grant that an older state sealed: what was erased since may be in it', async () => {
    const deposits = store();
    await deposits.keep(keep(2, []), view());
    const by = (revision: number): CheckedDeposit => {
      const packets = { handle, packets: [packet(1, 'A', second)], revision };
      return rule('Grant', {}, { packets, grant: second });
    };
    await assert.rejects(deposits.keep(by(1), view()), failsWith('STATE_STALE'));
    assert.equal(await deposits.packet(second, 1), undefined);
    await deposits.keep(by(2), view());
    assert.equal((await deposits.packet(second, 1))?.packet, 'A');
  });

  it('is looked for without a count of all that is kept, until that could be too much', async () => {
    const database = new MemoryDatabase();
    const values = database.values.bind(database);
    let counts = 0;
    database.values = ((range: { readonly gt?: string; readonly gte?: string }) => {
      if (`${range.gte ?? range.gt}`.startsWith('held/')) counts += 1;
      return values(range);
    }) as typeof database.values;
    const deposits = store(database);
    for (let step = 1; step <= 100; step++) {
      await deposits.keep(rule('Grant', {}, { grant: word(`grant ${step}`) }), view());
    }
    assert.equal(counts, 1);
    // A node keeps more than deposits of others: all is counted again before the next one.
    await deposits.keep(keep(1, [packet(1, 'A'.repeat(MIB))]));
    await deposits.keep(rule('Grant', {}, { grant: word('one more') }), view());
    assert.equal(counts, 2);
    for (let epoch = 2; epoch <= 8; epoch++) {
      await deposits.keep(keep(epoch, [packet(epoch, 'A'.repeat(8 * MIB))]), view());
    }
    assert.equal(counts, 2);
    const long = { handle, packets: [packet(1, 'A'.repeat(8 * MIB), second)], revision: 8 };
    const over = rule('Grant', {}, { packets: long, grant: second });
    await assert.rejects(deposits.keep(over, view()), failsWith('QUOTA_SPENT'));
    assert.ok(counts > 2);
  });

  it('is not taken by a peer’s copies without end, but by more than here, so that nobody stays behind', async () => {
    const deposits = store();
    for (let epoch = 1; epoch <= 12; epoch++) await deposits.keepCopy(large(epoch), view());
    await assert.rejects(async () => {
      for (let epoch = 13; epoch <= 20; epoch++) await deposits.keepCopy(large(epoch), view());
    }, failsWith('QUOTA_SPENT'));
  });
});

function large(epoch: number): CheckedDeposit {
  return keep(epoch, [packet(epoch, 'A'.repeat(8 * MIB))]);
}

function commit(root: Bytes32, first: number, count: number): CheckedDeposit {
  const commitment = { handle, root, sheets: sheets(first, count) };
  return rule('CommitEpochs', { first, count, root }, { commitment });
}

function sheets(first: number, count: number) {
  return Array.from({ length: count }, (_, place) => {
    const recipients = sampleRecipients(2000);
    const epoch = first + place;
    return { sheet: { format: 'medseal-sheet/1', handle, epoch, recipients }, proof: [] } as const;
  });
}

describe('what is deleted', () => {
  it('is looked for seldom where much is kept, so that to keep one more costs no more for that', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const get = database.get.bind(database);
    let reads = 0;
    database.get = async (key: string) => {
      reads += 1;
      return await get(key);
    };
    const counts: number[] = [];
    for (const many of [50, 200]) {
      reads = 0;
      for (let place = 0; place < many; place++) {
        const of = word(`grant ${many} ${place}`);
        const packets = { handle, packets: [packet(1, 'x', of)], revision: 1 };
        await deposits.keep(rule('Grant', {}, { packets, grant: of }), view());
      }
      counts.push(reads / many);
    }
    const [few = 0, more = 0] = counts;
    assert.ok(more < 2 * few, counts.join(', '));
  });

  it('is not a packet that is the newest of its grant, or that another of its signature needs', async () => {
    const deposits = store();
    const both = keep(1, [packet(1), packet(1, 'the second’s', second)]);
    await deposits.keep(both, view());
    await deposits.keep(keep(2, [packet(2)]), view());
    await deposits.keep(keep(3, [packet(2)]), view({ epoch: 2 }));
    assert.equal((await deposits.packet(second, 2))?.packet, 'the second’s');
    assert.notEqual((await deposits.copies.give([idOf(both)]))[0], null);
    await deposits.keep(keep(4, [packet(2, 'new', second)]), view({ epoch: 2 }));
    assert.deepEqual(await deposits.copies.give([idOf(both)]), [null]);
    assert.equal((await deposits.packet(second, 2))?.packet, 'new');
  });

  it('is not a packet while a newer one is for an epoch that is still to come', async () => {
    const deposits = store();
    const now = keep(1, [packet(1)]);
    await deposits.keep(now, view());
    await deposits.keep(keep(2, [packet(2)]), view());
    await deposits.keep(keep(3, []), view());
    assert.equal((await deposits.packet(grant, 1))?.packet, 'for 1');
    await deposits.collect(handle, view({ epoch: 2 }));
    assert.equal(await deposits.packet(grant, 1), undefined);
    assert.equal((await deposits.packet(grant, 2))?.packet, 'for 2');
  });

  it('is the packet of a right that is over once the keys have turned, and not before', async () => {
    const deposits = store();
    const end = { handle, grant, grantee: party, until: NOW + 9, sealedTo: 1 };
    const packets = { handle, packets: [packet(1)], revision: 1 };
    const given = rule('Grant', {}, { packets, end, grant });
    await deposits.keep(given, view());
    await deposits.keep(keep(2, []), view());
    const late = NOW + 9000;
    const ended = { grants: { [grant]: 'ended' }, moment: late } as const;
    await deposits.collect(handle, view({ ...ended, epoch: 1 }));
    await deposits.collect(handle, view({ ...ended, epoch: 2 }));
    assert.notEqual(await deposits.packet(grant, 1), undefined);
    await deposits.settleEnds([end]);
    await deposits.collect(handle, view({ moment: late, epoch: 2 }));
    assert.notEqual(await deposits.packet(grant, 1), undefined, 'the ledger still has the grant');
    await deposits.collect(handle, view({ ...ended, epoch: 2 }));
    assert.equal(await deposits.packet(grant, 2), undefined);
    assert.deepEqual(await deposits.copies.give([idOf(given)]), [null]);
  });

  it('is a grant that the ledger never took, with its end, once it cannot take it any more', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const never = word('never');
    const end = { handle, grant: never, grantee: party, until: NOW + 9, sealedTo: 1 };
    const packets = { handle, packets: [packet(1, 'x', never)], revision: 1 };
    await deposits.keep(rule('Grant', {}, { packets, end, grant: never }), view());
    await deposits.keep(keep(2, []), view());
    await deposits.collect(handle, view({ moment: NOW + 3000 }));
    assert.notEqual(await deposits.packet(never, 1), undefined);
    assert.deepEqual(await deposits.ends(handle), [end]);
    await deposits.collect(handle, view({ moment: NOW + 4000 }));
    assert.equal(await deposits.packet(never, 1), undefined);
    assert.deepEqual(await deposits.ends(handle), []);
    assert.deepEqual(await database.keys({ gt: 'end/', lt: 'end0' }).all(), []);
  });

  it('are sheets that the ledger does not name and cannot take, unless another commitment has the same', async () => {
    const deposits = store();
    for (const root of ['root', 'next', 'late', 'late'].map(word)) {
      await deposits.keep(commit(root, 2, root === word('late') ? 3 : 2), view());
    }
    await deposits.keep(keep(1, []), view());
    const next = { first: 2, count: 2, root: word('next') };
    const wanted = async (root: string, at: ChartView) => {
      await deposits.collect(handle, at);
      return await deposits.sheet({ handle, epoch: 2, root: word(root) }).then(
        () => true,
        () => false,
      );
    };
    for (const root of ['root', 'next', 'late']) {
      assert.ok(await wanted(root, view({ chart: { next } })), root);
    }
    const entered = view({ epoch: 2, chart: { first: 2, count: 2, root: word('next') } });
    assert.deepEqual(
      [await wanted('next', entered), await wanted('root', entered), await wanted('late', entered)],
      [true, false, false],
    );
  });

  // @attack a peer brings back what was deleted | copies are judged by the same rules
  it('does not come back from a peer that still keeps it', async () => {
    const deposits = store();
    const old = keep(1, [packet(1)]);
    for (const each of [old, keep(2, [packet(1, 'newer')]), keep(3, [])]) {
      await deposits.keep(each, view());
    }
    const before = await ids(deposits);
    assert.ok(!before.includes(idOf(old)));
    await deposits.keepCopy(old, view());
    assert.deepEqual(await ids(deposits), before);
    assert.equal((await deposits.packet(grant, 1))?.packet, 'newer');
  });

  it('is the same wherever it comes, in whatever order', async () => {
    const all = [
      keep(1, [packet(1), packet(1, 'a', second)]),
      keep(2, [packet(1, 'b', second), packet(2)]),
      keep(3, [packet(2, 'c'), packet(2, 'd', second)]),
      keep(4, [packet(3)]),
    ];
    const last = keep(5, []);
    const at = view({ epoch: 2 });
    const seen: unknown[] = [];
    for (const order of [
      all,
      all.toReversed(),
      [2, 0, 3, 1].flatMap((place) => all[place] ?? []),
    ]) {
      const deposits = store();
      for (const each of order) await deposits.keepCopy(each, at);
      // The last of an order stays until another comes.
      await deposits.keepCopy(last, at);
      await deposits.collect(handle, at);
      seen.push((await ids(deposits)).toSorted());
    }
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
  });

  // @attack a patient has what is kept for another deleted | a packet is replaced by one of the same grant only
  it('is never another patient’s', async () => {
    const deposits = store();
    const theirs = keep(1, [packet(1, 'theirs', second)], other);
    await deposits.keep(theirs, view());
    for (const revision of [1, 2, 3]) await deposits.keep(keep(revision, [packet(1)]), view());
    await deposits.collect(handle, view({ epoch: 9 }));
    assert.equal((await deposits.packet(second, 1))?.packet, 'theirs');
    assert.ok((await ids(deposits)).includes(idOf(theirs)));
  });

  it('is whole or not deleted at all, where the machine stops before; the next time finds it', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const old = keep(1, [packet(1)]);
    await deposits.keep(old, view());
    const batch = database.batch.bind(database);
    let writes = 0;
    database.batch = (async (changes: never, options: never) => {
      writes += 1;
      if (writes === 2) throw new Error('power cut');
      await batch(changes, options);
    }) as never;
    await assert.rejects(deposits.keep(keep(2, [packet(1, 'newer')]), view()), /power cut/);
    database.batch = batch;
    const again = store(database);
    assert.equal((await again.packet(grant, 1))?.packet, 'newer');
    assert.equal((await again.state(handle))?.revision, 2);
    assert.notEqual((await again.copies.give([idOf(old)]))[0], null);
    await again.collect(handle, view());
    assert.deepEqual(await again.copies.give([idOf(old)]), [null]);
    for await (const { sound } of again.copies.examine()) assert.ok(sound);
  });

  it('leaves the last place of the order taken, so that peers miss nothing after a restart', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    await deposits.keep(keep(2, [packet(1)]), view());
    await deposits.keepCopy(keep(1, [packet(2)]), view());
    const { place = 0 } = (await deposits.copies.after(0)).kept.at(-1) ?? {};
    await deposits.keep({ packets: { handle, packets: [packet(2, 'x')], revision: 9 } }, view());
    await deposits.collect(handle, view({ epoch: 2 }));
    const again = store(database);
    await again.keep(keep(3, [packet(3)]), view({ epoch: 2 }));
    assert.equal((await again.copies.after(place)).kept.length, 1);
  });

  it('is found in what an older version kept, which listed nothing by patient', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const old = keep(1, [packet(1)]);
    for (const each of [old, keep(2, [packet(2)]), keep(3, [])]) await deposits.keep(each, view());
    await database.clear({ gt: 'held/', lt: 'held0' });
    await database.del('listed');
    const again = store(database);
    await again.collect(handle, view({ epoch: 2 }));
    assert.deepEqual(await again.copies.give([idOf(old)]), [null]);
    for await (const { sound } of again.copies.examine()) assert.ok(sound);
  });
});
