import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { sampleRecipients } from './test/sampleRecipients.ts';
import { DepositStore } from './DepositStore.ts';
import type { DepositedState } from './stateIn.ts';
import type { ServiceDatabase, SYNCED } from '../../database/synced.ts';

const [handle, other, grant] = [word('handle'), word('other'), word('grant')];
const party = `0x${'aa'.repeat(20)}` as const;

function store(database: ServiceDatabase = new MemoryDatabase()): DepositStore {
  const random = seededRandom('kept store');
  const bodies = encryptBodies({ storageKey: new Uint8Array(32), random, primitives });
  return new DepositStore({ database, random, primitives, bodies });
}

function sheet(epoch: number): { sheet: EpochSheet; proof: [] } {
  const recipients = sampleRecipients();
  return { sheet: { format: 'medseal-sheet/1', handle, epoch, recipients }, proof: [] };
}

function stateOf(revision: number, sealed = `sealed ${revision}`): DepositedState {
  return { revision, hash: bytesToHex(primitives.sha256(utf8ToBytes(sealed))), sealed };
}

describe('a store of what is kept', () => {
  it('gives, of two packets for a grant and an epoch, the one by the newer state of the devices', async () => {
    const deposits = store();
    const packet = (revision: number) => {
      return { handle, packets: [{ grant, epoch: 1, packet: `by ${revision}` }], revision };
    };
    for (const revision of [2, 10, 9]) await deposits.keep({ packets: packet(revision) });
    assert.equal((await deposits.packet(grant, 1))?.packet, 'by 10');
  });

  it('tells a peer of nothing that comes after what is still being written', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const batch = database.batch.bind(database);
    const gates: (() => void)[] = [];
    database.batch = (async (changes: never, options: typeof SYNCED) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      await batch(changes, options);
    }) as never;
    const cards = [1, 2].map((place) => {
      const card = { party: `0x${String(place).repeat(40)}`, recipient: 'age1pq1x' } as const;
      return { card, source: { id: word(`card ${place}`), copy: { card } } };
    });
    const keeping = cards.map(async (each) => await deposits.keep(each));
    const places = async () => (await deposits.copies.after(0)).kept.map(({ id }) => id);
    await until(() => gates.length === 2);
    gates[1]?.();
    await keeping[1];
    assert.deepEqual(await places(), []);
    gates[0]?.();
    await keeping[0];
    assert.deepEqual(await places(), [word('card 1'), word('card 2')]);
    const [first] = (await deposits.copies.after(0)).kept;
    assert.deepEqual((await deposits.copies.after(first?.place ?? 0)).kept.length, 1);
    const { series } = await deposits.copies.after(0);
    assert.deepEqual(await store(database).copies.after(0), await deposits.copies.after(0));
    assert.notEqual((await store().copies.after(0)).series.length, 2);
    assert.match(series, /^0x[0-9a-f]{32}$/);
  });

  it('gives back nothing that it was not given', async () => {
    const deposits = store();
    assert.equal(await deposits.packet(grant, 9), undefined);
    assert.equal(await deposits.state(handle), undefined);
    await assert.rejects(deposits.card(party), failsWith('NOT_FOUND', { what: 'party' }));
    const wanted = { handle, epoch: 1, root: word('root') };
    await assert.rejects(deposits.sheet(wanted), failsWith('NOT_FOUND', { what: 'sheet' }));
  });

  it('takes a later key’s packet in place of all of a former key, whatever their revision', async () => {
    const deposits = store();
    const keep = async (packet: string, revision: number, key?: number): Promise<void> => {
      const packets = [{ grant, epoch: 2, packet }];
      const source = { id: word(packet), copy: { card: { party, recipient: packet } } };
      await deposits.keep({
        packets: { handle, packets, revision, ...(key !== undefined && { key }) },
        source,
      });
    };
    await keep('of the later key', 1, 1);
    for (const [i, revision] of [2, 10 ** 10, Number.MAX_SAFE_INTEGER].entries()) {
      await keep(`of a thief ${i}`, revision, 0);
      assert.equal((await deposits.packet(grant, 9))?.packet, 'of the later key');
    }
    await keep('newer', 2, 1);
    assert.equal((await deposits.packet(grant, 9))?.packet, 'newer');
  });

  it('gives a grant’s packet for the newest epoch up to the one asked for', async () => {
    const deposits = store();
    const packets = [2, 9, 10, 100].map((epoch) => ({ grant, epoch, packet: `for ${epoch}` }));
    await deposits.keep({ packets: { handle, packets, revision: 1 } });
    const expected: [number, string | undefined][] = [
      [1, undefined],
      [2, 'for 2'],
      [8, 'for 2'],
      [9, 'for 9'],
      [10, 'for 10'],
      [99, 'for 10'],
      [1000, 'for 100'],
    ];
    for (const [epoch, packet] of expected) {
      assert.equal((await deposits.packet(grant, epoch))?.packet, packet);
    }
    assert.equal(await deposits.packet(other, 1000), undefined);
  });

  it('tells the sheets of one commitment from those of another', async () => {
    const deposits = store();
    const [root, later] = [word('root'), word('later')];
    await deposits.keep({ commitment: { handle, root, sheets: [sheet(1), sheet(2)] } });
    const again = { ...sheet(2), proof: [word('proof')] };
    await deposits.keep({ commitment: { handle, root: later, sheets: [again] } });
    assert.deepEqual(await deposits.sheet({ handle, epoch: 2, root }), sheet(2));
    assert.deepEqual(await deposits.sheet({ handle, epoch: 2, root: later }), again);
    for (const wanted of [
      { handle, epoch: 3, root },
      { handle, epoch: 1, root: later },
      { handle: other, epoch: 1, root },
    ]) {
      await assert.rejects(deposits.sheet(wanted), failsWith('NOT_FOUND'));
    }
  });

  it('knows how far the keys reach that a right’s grantee was given, whatever comes first', async () => {
    const deposits = store();
    const end = { handle, grant, grantee: party, until: 9, sealedTo: 1 };
    const packet = (epoch: number) => {
      return { handle, packets: [{ grant, epoch, packet: '' }], revision: 1 };
    };
    assert.deepEqual(await deposits.ends(handle), []);
    await deposits.keep({ end });
    assert.deepEqual(await deposits.ends(handle), [end]);
    await deposits.keep({ packets: packet(4) });
    assert.deepEqual(await deposits.ends(handle), [{ ...end, sealedTo: 4 }]);
    await deposits.keep({ packets: packet(3), end: { ...end, sealedTo: 2 } });
    assert.deepEqual(await deposits.ends(handle), [{ ...end, sealedTo: 4 }]);
    assert.deepEqual(await deposits.ends(other), []);
  });

  it('puts a right aside that is settled, until a packet comes that reaches further', async () => {
    const deposits = store();
    const end = { handle, grant, grantee: party, until: 9, sealedTo: 1 };
    const packet = (epoch: number) => {
      return { handle, packets: [{ grant, epoch, packet: '' }], revision: 1 };
    };
    await deposits.keep({ end, packets: packet(4) });
    await deposits.settleEnds([end]);
    assert.deepEqual(await deposits.ends(handle), [{ ...end, sealedTo: 4 }]);
    await deposits.settleEnds(await deposits.ends(handle));
    assert.deepEqual(await deposits.ends(handle), []);
    await deposits.keep({ end, packets: packet(3) });
    assert.deepEqual(await deposits.ends(handle), []);
    await deposits.keep({ packets: packet(5) });
    assert.deepEqual(await deposits.ends(handle), [{ ...end, sealedTo: 5 }]);
    await deposits.settleEnds(await deposits.ends(handle));
    assert.deepEqual(await deposits.ends(handle), []);
  });

  it('keeps no state of a patient over a newer one, or another of its number', async () => {
    const deposits = store();
    const [first, second] = [stateOf(1), stateOf(2)];
    await deposits.keep({ state: { handle, ...second } });
    await assert.rejects(deposits.keep({ state: { handle, ...first } }), failsWith('STATE_STALE'));
    const rival = stateOf(2, 'rival');
    const packets = { handle, packets: [{ grant, epoch: 1, packet: 'rival' }], revision: 2 };
    await assert.rejects(
      deposits.keep({ state: { handle, ...rival }, packets }),
      failsWith('STATE_STALE'),
    );
    assert.equal(await deposits.packet(grant, 1), undefined);
    assert.deepEqual(await deposits.state(handle), second);
    await deposits.keep({ state: { handle, ...second } });
    await deposits.keep({ state: { handle: other, ...first } });
    await deposits.keep({ state: { handle, ...stateOf(3) } });
    assert.deepEqual(await deposits.state(handle), stateOf(3));
    assert.deepEqual(await deposits.state(other), first);
  });

  it('takes one of two states of a number that come at the same time', async () => {
    const deposits = store();
    const rivals = ['one', 'two'].map((name) => stateOf(1, name));
    const answers = await Promise.allSettled(
      rivals.map(async (state) => await deposits.keep({ state: { handle, ...state } })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.deepEqual(await deposits.state(handle), rivals[0]);
  });

  it('keeps all of it or nothing, synced', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const deposits = store(database);
    const batch = database.batch.bind(database);
    let synced: unknown;
    database.batch = (async (changes: never, options: typeof SYNCED) => {
      synced = options.sync;
      await batch(changes, options);
    }) as never;
    const card = { party, recipient: 'age1pq1recipient' };
    await deposits.keep({ card, state: { handle, ...stateOf(1) } });
    assert.equal(synced, true);
    database.batch = async (): Promise<never> => await Promise.reject(new Error('disk full'));
    const changed = { ...card, recipient: 'age1pq1other' };
    await assert.rejects(deposits.keep({ card: changed, state: { handle, ...stateOf(2) } }));
    assert.deepEqual(await store(database).card(party), card);
    assert.deepEqual(await store(database).state(handle), stateOf(1));
  });
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
