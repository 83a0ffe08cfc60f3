import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { MemoryDatabase } from '../database/test/MemoryDatabase.ts';
import type { ServiceDatabase } from '../database/synced.ts';
import { hexToBytes } from '../crypto/bytes.ts';
import { formatCheckpoint } from '../crypto/note/checkpoint.ts';
import { signNote } from '../crypto/note/signNote.ts';
import { placeText } from '../protocol/wire/placeText.ts';
import { logOf } from '../protocol/network/networkLookups.ts';
import { sign } from '../protocol/struct/signing.ts';
import {
  acknowledged,
  doctor,
  LOG,
  NOW,
  sampleBody,
  sampleView,
} from '../protocol/test/sampleEvidence.ts';
import {
  context,
  coordinators,
  network,
  noteKeyOf,
  originOf,
  primitives,
  word,
} from '../protocol/test/sampleNetwork.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import { canonicalJson } from '../protocol/wire/canonicalJson.ts';
import type { Body, EntryBody } from '../protocol/evidence/evidence.ts';
import type { EvidenceReader } from '../protocol/evidence/EvidenceReader.ts';
import { createEvidenceReader, readEvidenceBody } from '../protocol/evidence/readEvidence.ts';
import type { Write } from '../protocol/struct/requests.ts';
import { newEntryOf } from '../services/entries/newEntryOf.ts';
import { UNKNOWN } from './erasedRows.ts';
import { examineLogRows } from './examineEntries.ts';
import { examineRows, type ExaminedRows, type LogFault, type RowsContext } from './examineRows.ts';
import { logRowKeys } from './keys.ts';
import { LogRows } from './LogRows.ts';
import { PAGE } from './readPages.ts';
import { rebuildRows } from './rebuildRows.ts';
import { openEvidenceLog } from './openEvidenceLog.ts';
import { keptOpen, sampleEncryption } from './test/sampleLog.ts';
import { timesOf } from '../protocol/test/share.ts';

const fast = await createNativePrimitives();
const ALTERED = '#0: its body was altered on disk';
const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;

const { log: identity } = logOf(network, LOG);
const bodies = sampleEncryption();
const examination: RowsContext = { ...context, primitives: fast, network, identity, bodies };

type Examined = ExaminedRows & { faults: LogFault[]; writes: Write[]; sizes: number[] };

async function examineWith(rows: LogRows, stands: RowsContext): Promise<Examined> {
  const faults: LogFault[] = [];
  const writes: Write[] = [];
  const sizes: number[] = [];
  const found = await examineRows(rows, stands, {
    fault: (fault) => void faults.push(fault),
    entries: async (page) => void writes.push(...page.writes.map(({ write }) => write)),
    checkpoint: async ({ checkpoint }) => void sizes.push(checkpoint.size),
  });
  return { ...found, faults, writes, sizes };
}

/** A log with these entries, and a checkpoint of each size. */
async function writeLog(
  list: readonly Body[],
  sizes: readonly number[],
): Promise<MemoryDatabase<Uint8Array, Uint8Array>> {
  const database = keptOpen();
  const log = await openEvidenceLog({ identity, database, primitives: fast, bodies });
  const entries = await acknowledged(list);
  for (const size of sizes) {
    const part = entries.slice(log.size, size);
    await log.append(
      part.map((each) => newEntryOf(each, readEvidenceBody(examination, each.body))),
    );
    const root = await log.root(log.size);
    const statement = { log: identity.id, size: log.size, root };
    const text = formatCheckpoint({
      origin: originOf('hospital'),
      size: log.size,
      root: hexToBytes(root),
    });
    const place = { transaction: word(`transaction of ${log.size}`), block: log.size };
    const noteKey = noteKeyOf('hospital');
    await log.keepCheckpoint({
      checkpoint: {
        log: LOG,
        size: log.size,
        root,
        note: signNote(primitives, text, [noteKey]),
        signatures: coordinators.map((key) => {
          const { signature } = sign(context, key, 'Checkpoint', statement);
          return { coordinator: key.address, signature };
        }),
      },
      ledger: {
        ...place,
        note: signNote(primitives, placeText(originOf('hospital'), statement, place), [noteKey]),
      },
    });
  }
  return database as unknown as MemoryDatabase<Uint8Array, Uint8Array>;
}

function numbered(place: number): Body {
  return sampleBody(
    { at: NOW + (place % 250) },
    {
      record: word(`record ${place}`),
      salt: `0x${place.toString(16).padStart(4, '0').repeat(8)}`,
    },
  );
}

describe('examineRows', () => {
  let database: MemoryDatabase<Uint8Array, Uint8Array>;
  let rows: LogRows;
  const examine = async (): Promise<Examined> => await examineWith(rows, examination);

  before(async () => {
    const list = Array.from({ length: 15 }, (_, place) => numbered(place));
    list.push(sampleBody({ request: sign(context, doctor, 'View', sampleView) }));
    const counts = { SIGNATURE_INVALID: 3, PARTY_UNKNOWN: 1 };
    const salt = `0x${'0d'.repeat(16)}` as const;
    const summary: EntryBody = { format: 'medseal-summary/1', log: LOG, at: NOW, counts, salt };
    list.push(summary as never);
    database = await writeLog(list, [2, 17]);
    rows = new LogRows(database as unknown as ServiceDatabase);
  });

  it('finds a log as it was written without a fault', async () => {
    const { entries, erased, checkpoints, sizes, writes, faults } = await examine();
    assert.deepEqual([entries, erased, checkpoints, sizes, faults], [17, 0, 2, [2, 17], []]);
    assert.deepEqual(
      writes.map(({ record }) => record),
      Array.from({ length: 15 }, (_, place) => word(`record ${place}`)),
    );
  });

  it('names what does not hold where one byte of any row is changed', async () => {
    const all = await database.iterator(VIEW).all();
    assert.ok(all.length > 40);
    const kinds = new Set<number>();
    let places = 0;
    for (const [key, value] of all) {
      kinds.add(key[0] ?? 0);
      // Sampled, at other places in each row.
      places += 1;
      const step = Math.max(1, Math.floor(value.length / timesOf(3, 3)));
      for (let at = (31 * places) % step; at < value.length; at += step) {
        await database.put(key, value.with(at, (value[at] ?? 0) ^ (1 << (at % 7))), VIEW);
        const { faults } = await examine().catch(() => ({
          faults: ['it cannot be read'] as unknown[],
        }));
        assert.notDeepEqual(faults, [], `row ${Buffer.from(key).toString('hex')}, byte ${at}`);
      }
      await database.put(key, value, VIEW);
    }
    assert.ok(kinds.size >= 10, 'every kind of row');
    assert.deepEqual((await examine()).faults, []);
  });

  it('names what does not hold for every row that is taken away or added', async () => {
    for (const [key, value] of await database.iterator(VIEW).all()) {
      // That a checkpoint is missing, only a copy or the ledger can tell.
      if (key[0] === 0x05) continue;
      await database.del(key, { keyEncoding: 'view' });
      const { faults } = await examine();
      assert.notDeepEqual(faults, [], `row ${Buffer.from(key).toString('hex')}`);
      await database.put(key, value, VIEW);
    }
    for (const key of [
      logRowKeys.request(1, hexToBytes(word('x'))),
      logRowKeys.patient(hexToBytes(word('x')), 3),
      logRowKeys.version(hexToBytes(word('x')), hexToBytes(word('y')), 1),
      logRowKeys.file(hexToBytes(word('x'))),
      logRowKeys.hash(0, 7),
      logRowKeys.hash(9, 0),
      logRowKeys.entry(17),
      logRowKeys.body(17),
      logRowKeys.checkpoint(18),
      Uint8Array.of(0),
      Uint8Array.of(0x30),
      Uint8Array.of(...logRowKeys.size, 0),
    ]) {
      await database.put(key, hexToBytes(`0x${'00'.repeat(8)}`), VIEW);
      assert.equal((await examine()).faults.length, 1, Buffer.from(key).toString('hex'));
      await database.del(key, { keyEncoding: 'view' });
    }
  });

  it('rebuilds to the byte what follows from the entries, and nothing else', async () => {
    const whole = await database.iterator(VIEW).all();
    assert.equal(await rebuildRows(rows, examination), 0);
    const derived = new Set([0x06, 0x07, 0x08, 0x09, logRowKeys.identity[0], logRowKeys.size[0]]);
    for (let level = 0; level < 53; level++) derived.add(0x10 + level);
    for (const [key, value] of whole) {
      if (!derived.has(key[0] ?? 0)) continue;
      await database.del(key, { keyEncoding: 'view' });
      await rebuildRows(rows, examination);
      if (value.length > 0) {
        await database.put(key, value.with(0, (value[0] ?? 0) ^ 1), VIEW);
        await rebuildRows(rows, examination);
      }
    }
    for (const kind of [0x06, 0x07, 0x08]) {
      await database.put(Uint8Array.of(kind, ...new Uint8Array(72)), logRowKeys.size, VIEW);
    }
    await rebuildRows(rows, examination);
    assert.deepEqual(await database.iterator(VIEW).all(), whole);
  });

  it('says which entry: swapped bodies, a rewritten leaf, a forged body', async () => {
    const [one, other] = [logRowKeys.body(0), logRowKeys.body(1)];
    const sealed = await Promise.all(
      [one, other].map(async (key) => await database.get(key, VIEW)),
    );
    await database.put(one, sealed[1] ?? new Uint8Array(), VIEW);
    assert.ok((await examine()).faults.some(({ what }) => what === ALTERED));
    await database.put(one, bodies.seal(0, new TextEncoder().encode('{}')), VIEW);
    assert.ok((await examine()).faults.some(({ what }) => what === ALTERED));
    await database.put(one, sealed[0] ?? new Uint8Array(), VIEW);
    assert.deepEqual((await examine()).faults, []);
  });

  it('takes an erased body for erased, and one that is not there for lost', async () => {
    const sealed = (await database.get(logRowKeys.body(3), VIEW)) ?? new Uint8Array();
    await database.del(logRowKeys.body(3), { keyEncoding: 'view' });
    assert.deepEqual((await examine()).faults, [
      { kind: 'log-body', what: '#3: its body is lost', remedy: 'peers' },
    ]);
    const unknown = logRowKeys.patient(hexToBytes(UNKNOWN), 3);
    await database.put(logRowKeys.body(3), new Uint8Array(), VIEW);
    await database.put(unknown, new Uint8Array(), VIEW);
    const { faults, erased } = await examine();
    assert.deepEqual([faults, erased], [[], 1]);
    await database.del(unknown, { keyEncoding: 'view' });
    await database.put(logRowKeys.body(3), sealed, VIEW);
  });

  // @class a body that was cut off passes for an erased one | is found: the indexes know the entry otherwise
  it('takes no body for erased that was cut off to the length of what stays of one', async () => {
    const sealed = (await database.get(logRowKeys.body(3), VIEW)) ?? new Uint8Array();
    for (const length of [0, 32, 104]) {
      await database.put(logRowKeys.body(3), sealed.slice(0, length), VIEW);
      assert.deepEqual((await examine()).faults, [
        { kind: 'log-body', what: '#3: its body was altered on disk', remedy: 'peers' },
      ]);
      const options = { primitives: examination.primitives, bodies: examination.bodies };
      const [found] = await examineLogRows(rows, options, { from: 3, to: 4 });
      assert.equal(found?.sound, false);
    }
    await database.put(logRowKeys.body(3), sealed, VIEW);
    assert.deepEqual((await examine()).faults, []);
  });
});

describe('examineRows of a log of several pages', () => {
  const ENTRIES = PAGE + 8;
  const SIZES = [PAGE, PAGE + 1, ENTRIES];
  const asked: number[] = [];
  const own = createEvidenceReader(examination);
  const reader: EvidenceReader = {
    ...own,
    bodies: async (texts) => {
      asked.push(texts.length);
      return await own.bodies(texts);
    },
  };
  const examine = async (): Promise<Examined> => {
    return await examineWith(rows, { ...examination, reader });
  };
  let database: MemoryDatabase<Uint8Array, Uint8Array>;
  let rows: LogRows;
  before(async () => {
    const list = Array.from({ length: ENTRIES }, (_, place) => numbered(place));
    database = await writeLog(list, SIZES);
    rows = new LogRows(database as unknown as ServiceDatabase);
  });

  it('has another reader take all bodies apart, and finds what one finds that does it itself', async () => {
    const found = await examine();
    assert.deepEqual([found.entries, found.sizes, found.faults], [ENTRIES, SIZES, []]);
    assert.equal(found.writes.length, ENTRIES);
    assert.deepEqual(asked, [PAGE, 8]);
    assert.deepEqual(await examineWith(rows, examination), found);
  });

  it('names entries of every page, and goes on to the last', async () => {
    const taken = [3, PAGE - 1, PAGE, ENTRIES - 1];
    const kept = await Promise.all(taken.map(async (at) => await rows.get(logRowKeys.body(at))));
    for (const at of taken) await database.del(logRowKeys.body(at), { keyEncoding: 'view' });
    const { faults, sizes } = await examine();
    assert.deepEqual(
      faults.map(({ what }) => what),
      taken.map((at) => `#${at}: its body is lost`),
    );
    assert.deepEqual(sizes, SIZES);
    for (const [place, at] of taken.entries()) {
      await database.put(logRowKeys.body(at), kept[place] ?? new Uint8Array(), VIEW);
    }
    assert.deepEqual((await examine()).faults, []);
  });

  it('believes a reader no more than itself: what it says of another text is found', async () => {
    const other = readEvidenceBody(examination, canonicalJson(numbered(9999)));
    const liar: EvidenceReader = { ...own, bodies: async (texts) => texts.map(() => other) };
    const { faults } = await examineWith(rows, { ...examination, reader: liar });
    assert.equal(faults.filter(({ kind }) => kind === 'log-entry').length, ENTRIES);
  });

  it('ends where a whole page is gone, and says from where on', async () => {
    const lost = Array.from({ length: 8 }, (_, at) => logRowKeys.entry(PAGE + at));
    const kept = await rows.getMany(lost);
    for (const key of lost) await database.del(key, { keyEncoding: 'view' });
    const what = `it says that it has ${ENTRIES} entries, and none from ${PAGE} on is there`;
    const { entries, faults } = await examine();
    assert.equal(entries, PAGE);
    assert.ok(faults.some((fault) => fault.what === what));
    for (const [place, key] of lost.entries()) {
      await database.put(key, kept[place] ?? new Uint8Array(), VIEW);
    }
  });

  it('passes on that the database cannot be read, from the page that is read ahead too', async () => {
    const failing = new Error('input/output error');
    class BrokenRows extends LogRows {
      override async numbered(
        ...range: Parameters<LogRows['numbered']>
      ): ReturnType<LogRows['numbered']> {
        return range[1] === 0 ? await super.numbered(...range) : await Promise.reject(failing);
      }
    }
    const broken = new BrokenRows(database as unknown as ServiceDatabase);
    await assert.rejects(examineWith(broken, { ...examination, reader }), failing);
  });
});
