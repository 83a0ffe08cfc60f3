import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NewEntry } from './EvidenceLog.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import {
  placed,
  expectedRoot,
  failsWith,
  filled,
  watched,
  ALICE,
  BOB,
  openSampleLog,
  sampleEntries,
  sampleEntry,
  sampleVerdict,
  sha256,
} from './test/sampleLog.ts';

describe('an evidence log', () => {
  it('acknowledges entries at their places, in the order given, and gives them back', async () => {
    const log = await openSampleLog();
    const entries = sampleEntries(5);
    const verdicts = entries.map(({ entry }) => [sampleVerdict(entry)]);
    const acknowledged = await log.append(
      entries.map((entry, i) => ({ ...entry, verdicts: verdicts[i] ?? [] })),
    );
    assert.deepEqual(
      acknowledged,
      entries.map(({ entry, body }, index) => ({
        log: 'care/hospital',
        index,
        entry,
        body,
        verdicts: verdicts[index],
      })),
    );
    assert.deepEqual(await log.read({ from: 0, to: 5 }), acknowledged);
    assert.deepEqual(await log.read({ from: 2, to: 3 }), acknowledged.slice(2, 3));
    assert.deepEqual(await log.read({ from: 5, to: 5 }), []);
    assert.equal(log.size, 5);
  });

  it('starts empty', async () => {
    const log = await openSampleLog();
    assert.equal(log.size, 0);
    assert.deepEqual(await log.append([]), []);
    assert.equal(
      await log.root(0),
      '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    assert.deepEqual(await log.concerning(ALICE), []);
    assert.equal(await log.latestCheckpoint(), undefined);
    assert.deepEqual(await log.answeredAt(sampleEntries(1)), [undefined]);
  });

  it('gives an identical request its first answer, in one call, in concurrent ones and later', async () => {
    const log = await openSampleLog();
    const [first, second] = sampleEntries(2) as [NewEntry, NewEntry];
    const body = JSON.stringify({ at: 1, other: 'salt' });
    const again = { ...first, body, entry: sha256(body) };
    const [one, two] = await Promise.all([log.append([first, again]), log.append([again, second])]);
    assert.deepEqual(one[1], one[0]);
    assert.deepEqual(two[0], one[0]);
    assert.equal(two[1]?.index, 1);
    assert.equal(log.size, 2);
    assert.deepEqual(await log.append([again]), [one[0]]);
    assert.deepEqual(await log.answeredAt([first]), [0]);
    assert.equal(log.size, 2);
  });

  it('refuses an entry that is not the hash of its body, with all of its call', async () => {
    const log = await openSampleLog();
    const [good, other] = sampleEntries(2) as [NewEntry, NewEntry];
    const wrong: NewEntry[] = [
      { ...good, body: other.body },
      { ...good, body: 'no JSON', entry: sha256('no JSON') },
      { ...good, body: '{}', entry: sha256('{}') },
      { ...good, body: '{"at":-1}', entry: sha256('{"at":-1}') },
      { ...good, entry: '0x00' },
      { ...good, request: '0x00' },
      { ...good, deadline: -1 },
      { ...good, handle: '0x00' },
    ];
    for (const entry of wrong) {
      await assert.rejects(log.append([other, entry]), failsWith('REQUEST_MALFORMED'));
    }
    assert.equal(log.size, 0);
  });

  it('finds the entries that concern a patient, in order', async () => {
    const log = await openSampleLog();
    await log.append(Array.from({ length: 300 }, (_, n) => sampleEntry(n, n % 3 ? ALICE : BOB)));
    const bobs = Array.from({ length: 100 }, (_, i) => 3 * i);
    assert.deepEqual(await log.concerning(BOB), bobs);
    assert.equal((await log.concerning(ALICE)).length, 200);
    assert.deepEqual(await log.concerning(`0x${'b1'.repeat(32)}`), []);
  });

  it('finds the versions of records on a chart, in the order of their entries', async () => {
    const log = await openSampleLog();
    const [one, two] = [sha256('record one'), sha256('record two')];
    const put = async (
      n: number,
      record: Bytes32,
      version: number,
      handle = ALICE,
    ): Promise<void> => {
      const file = sha256(`file ${n}`);
      await log.append([{ ...sampleEntry(n, handle), version: { record, version, file } }]);
    };
    await put(0, two, 1);
    await put(1, one, 1);
    await log.append([sampleEntry(2)]);
    await put(3, two, 300);
    await put(4, one, 1, BOB);
    assert.deepEqual(await log.versions(ALICE), [
      { record: two, version: 1, index: 0 },
      { record: one, version: 1, index: 1 },
      { record: two, version: 300, index: 3 },
    ]);
    assert.deepEqual(await log.versions(BOB), [{ record: one, version: 1, index: 4 }]);
    assert.deepEqual(await log.versions(sha256('nobody')), []);
    assert.equal(await log.placeOf(ALICE, { record: two, version: 300 }), 3);
    assert.equal(await log.placeOf(ALICE, { record: two, version: 2 }), undefined);
    assert.equal(await log.placeOf(BOB, { record: two, version: 1 }), undefined);
  });

  it('says that what lies beyond it is not there', async () => {
    const { log } = await filled(3);
    const beyond: (() => Promise<unknown>)[] = [
      async () => await log.read({ from: 2, to: 4 }),
      async () => await log.read({ from: 3, to: 2 }),
      async () => await log.read({ from: -1, to: 2 }),
      async () => await log.read({ from: 0.5, to: 2 }),
      async () => await log.stored({ from: 0, to: 4 }),
      async () => await log.root(4),
      async () => await log.root(-1),
      async () => await log.inclusion(3, 3),
      async () => await log.inclusion(0, 4),
      async () => await log.consistency(1, 4),
      async () => await log.consistency(3, 2),
      async () => await log.tile(0, 0, 4),
      async () => await log.tile(0, 0, 0),
      async () => await log.tile(0, 0, 257),
      async () => await log.tile(0, 1, 1),
      async () => await log.tile(1, 0, 1),
      async () => await log.tile(64, 0, 1),
      async () => await log.entryBundle(0, 4),
      async () => await log.erase(3),
      async () => await log.erase(-1),
    ];
    for (const operation of beyond) await assert.rejects(operation, failsWith('NOT_FOUND'));
  });
});

describe('group commit of an evidence log', () => {
  it('keeps the order of 1,000 concurrent appends and writes them in few groups', async () => {
    const database = new MemoryDatabase();
    const seen = watched(database);
    const log = await openSampleLog(database);
    const before = seen.writes;
    const entries = sampleEntries(1000);
    const acknowledged = await Promise.all(entries.map(async (entry) => await log.append([entry])));
    assert.deepEqual(
      acknowledged.map(([one]) => one?.index),
      entries.map((_, index) => index),
    );
    assert.ok(seen.writes - before <= 2, `${seen.writes - before} writes`);
    assert.equal(await log.root(1000), expectedRoot(entries));
  });

  it('collects the next group while one is written', async () => {
    const database: ServiceDatabase = new MemoryDatabase();
    const log = await openSampleLog(database);
    const batch = database.batch.bind(database);
    const sizes: number[] = [];
    const later: Promise<unknown>[] = [];
    database.batch = (async (changes: never[], options: object) => {
      sizes.push(log.size);
      if (sizes.length === 1) {
        for (let n = 1; n < 50; n++) later.push(log.append([sampleEntry(n)]));
      }
      await new Promise(setImmediate);
      assert.equal(log.size, sizes.at(-1), 'what is not durable is not there');
      await batch(changes, options);
    }) as never;
    await log.append([sampleEntry(0)]);
    assert.equal(log.size, 1);
    await Promise.all(later);
    assert.deepEqual(sizes, [0, 1]);
    assert.equal(log.size, 50);
  });

  it('takes no more than 8 MB of bodies in one write', async () => {
    const database = new MemoryDatabase();
    const log = await openSampleLog(database);
    const seen = watched(database);
    const big = Array.from({ length: 20 }, (_, n): NewEntry => {
      const body = JSON.stringify({ at: n, text: 'x'.repeat(1_000_000) });
      return { ...sampleEntry(n), body, entry: sha256(body) };
    });
    await Promise.all(big.map(async (entry) => await log.append([entry])));
    assert.equal(seen.writes, 3);
    assert.equal(log.size, 20);
  });
});

describe('checkpoints of an evidence log', () => {
  it('finds the first that covers an entry, and the newest', async () => {
    const { log } = await filled(30);
    const [five, twenty] = [placed(await log.root(5), 5), placed(await log.root(20), 20)];
    await log.keepCheckpoint(twenty);
    await log.keepCheckpoint(five);
    await log.keepCheckpoint(five);
    assert.deepEqual(await log.latestCheckpoint(), twenty);
    assert.deepEqual(await log.checkpointCovering(0), five);
    assert.deepEqual(await log.checkpointCovering(4), five);
    assert.deepEqual(await log.checkpointCovering(5), twenty);
    assert.deepEqual(await log.checkpointCovering(19), twenty);
    assert.equal(await log.checkpointCovering(20), undefined);
    assert.equal(await log.checkpointCovering(1000), undefined);
  });

  it('keeps none that is not the log', async () => {
    const { log } = await filled(30);
    const good = placed(await log.root(5), 5);
    const wrong = [
      placed(await log.root(6), 5),
      placed(await log.root(5), 31),
      placed(await log.root(5), -1),
      { ...good, checkpoint: { ...good.checkpoint, log: 'care/laboratory' } },
    ];
    for (const checkpoint of wrong) {
      await assert.rejects(log.keepCheckpoint(checkpoint), failsWith('CHECKPOINT_REFUSED'));
    }
    assert.equal(await log.latestCheckpoint(), undefined);
  });
});

describe('looking many entries up at once', () => {
  it('finds answers and record versions, in the order asked for', async () => {
    const log = await openSampleLog();
    const record = sha256('record');
    const entries = sampleEntries(4).map((entry, place) => ({
      ...entry,
      version: { record, version: place + 1, file: sha256(`file ${place}`) },
    }));
    await log.append(entries);
    const [first, , third] = entries as NewEntry[];
    const nobody = sampleEntry(9);
    const requests = [third, nobody, first] as NewEntry[];
    assert.deepEqual(await log.answeredAt(requests), [2, undefined, 0]);
    const asked = [3, 9, 1].map((version) => ({ handle: ALICE, record, version }));
    assert.deepEqual(await log.placesOf(asked), [2, undefined, 0]);
    assert.deepEqual(await log.placesOf([{ handle: BOB, record, version: 1 }]), [undefined]);
    assert.deepEqual([await log.answeredAt([]), await log.placesOf([])], [[], []]);
    const files = [2, 9, 0].map((place) => sha256(`file ${place}`));
    assert.deepEqual(await log.filesAt(files), [2, undefined, 0]);
    assert.deepEqual(await log.filesAt([]), []);
  });
});

describe('a sealed file', () => {
  const file = sha256('sealed');
  /** The n-th entry, as one that puts the file on a chart under a record of its own. */
  const naming = (n: number): NewEntry => ({
    ...sampleEntry(n),
    version: { record: sha256(`record ${n}`), version: 1, file },
  });

  it('is found by the first entry that names it: in one call, in one write, and later', async () => {
    const log = await openSampleLog();
    await Promise.all([
      log.append([sampleEntry(0), naming(1), naming(2)]),
      log.append([naming(3)]),
    ]);
    await log.append([naming(4)]);
    assert.deepEqual(await log.filesAt([file]), [1]);
    await log.copy(5, [naming(5)]);
    assert.deepEqual(await log.filesAt([file]), [1]);
  });

  it('is found by it for ever: after its body was erased, in a copy that never had it, and restored', async () => {
    const log = await openSampleLog();
    const body = JSON.stringify({
      format: 'medseal-body/1',
      at: 1_700_000_000,
      flag: 'A',
      request: {
        type: 'Write',
        message: { handle: ALICE, record: sha256('record 0'), version: 1, file },
      },
    });
    const first = { ...naming(0), entry: sha256(body), body };
    await log.append([first, naming(1)]);
    await log.erase(0);
    assert.deepEqual(await log.filesAt([file]), [0]);
    const copy = await openSampleLog();
    const copied = await log.copies({ from: 0, to: 1 });
    await copy.copy(0, [...copied, naming(1)] as NewEntry[]);
    assert.deepEqual(await copy.filesAt([file]), [0]);
    const later = await openSampleLog();
    await later.append([sampleEntry(0), naming(1)]);
    await later.restore(0, first);
    assert.deepEqual(await later.filesAt([file]), [0], 'the earlier one, though it came later');
    await later.restore(1, naming(1));
    assert.deepEqual(await later.filesAt([file]), [0]);
  });
});
