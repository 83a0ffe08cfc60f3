import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { openSampleLog, placed, sampleEntries, sha256 } from '../../log/test/sampleLog.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { LogConflict } from '../../protocol/evidence/LogConflict.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network as sample, primitives } from '../../protocol/test/sampleNetwork.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { conflictKey, presentedKey } from './coordinatorKeys.ts';
import { KeptConflicts } from './KeptConflicts.ts';
import { LogConflicts } from './LogConflicts.ts';
import { PresentedRows } from './PresentedRows.ts';

const LOG = 'care/hospital';
const IDENTITY = logOf(sample, LOG).log;
const [former, present] = [1, 2].map((fill) =>
  createNoteKey(IDENTITY.origin, new Uint8Array(32).fill(fill)),
) as [ReturnType<typeof createNoteKey>, ReturnType<typeof createNoteKey>];
const ENTRIES = sampleEntries(6).map(({ entry }) => entry);
/** Another history, which differs from the third entry on. */
const OTHERS = ENTRIES.map((entry, place) => (place < 2 ? entry : sha256(`other ${place}`)));

function channelsWith(key: string): NetworkFile['channels'] {
  return sample.channels.map((channel) => ({
    ...channel,
    logs: channel.logs.map((log) => (log.name === LOG ? { ...log, key } : log)),
  }));
}

/** A network file whose log has this key, after others. */
function fileOf(key: string, ...before: readonly string[]): NetworkFile {
  const files = before.map((each, nth) => ({
    fingerprint: sha256(each),
    until: 1_700_000_000 + nth,
    channels: channelsWith(each),
  }));
  return { ...sample, channels: channelsWith(key), ...(files.length > 0 && { before: files }) };
}

function treeOf(entries: readonly Bytes32[]): ReturnType<typeof memoryTree> {
  return memoryTree(
    primitives,
    entries.map((entry) => leafHash(primitives, hexToBytes(entry))),
  );
}

function noteOf(entries: readonly Bytes32[], key = present): string {
  const { size, root } = treeOf(entries);
  return signNote(primitives, formatCheckpoint({ origin: IDENTITY.origin, size, root }), [key]);
}

/** A proof that a key signed both histories. */
function proofBy(key = present, index = 2): LogConflict {
  const side = (entries: readonly Bytes32[]): LogConflict['one'] => ({
    note: noteOf(entries, key),
    entry: entries[index] ?? assert.fail(),
    proof: treeOf(entries).inclusion(index).map(bytesToHex),
  });
  return { log: LOG, index, one: side(OTHERS), other: side(ENTRIES) };
}

interface Kept {
  readonly kept: KeptConflicts;
  readonly conflicts: LogConflicts;
  readonly context: { network: NetworkFile };
  readonly copy: EvidenceLog;
  readonly database: MemoryDatabase;
  readonly faults: MedsealError[];
}

/** The laboratory's proofs of the log, by a network file. */
async function keeping(network: NetworkFile, database = new MemoryDatabase()): Promise<Kept> {
  const copy = await openSampleLog(undefined, IDENTITY);
  await copy.append(sampleEntries(6));
  const logs = new Map([[LOG, copy]]);
  const faults: MedsealError[] = [];
  const context = { primitives, organisation: 'laboratory', network };
  const own = context as unknown as ServiceContext;
  const kept = new KeptConflicts(own, database, logs);
  const conflicts = new LogConflicts(
    own,
    { kept, logs, others: new Map(), onFault: (error) => faults.push(error) },
    new PresentedRows(database, logs),
  );
  return { kept, conflicts, context, copy, database, faults };
}

/** Keeps that the log presented the other history. */
async function presented({ database }: Kept, note: string): Promise<void> {
  const row = { from: 0, entries: OTHERS, verdicts: [], note };
  await database.put(presentedKey(LOG, 0), JSON.stringify(row));
}

/** Has the copy keep a checkpoint of its first entries. */
async function checkpoint({ copy }: Kept, size: number, key: typeof present): Promise<void> {
  const { checkpoint: over, ledger } = placed(await copy.root(size), size);
  const note = noteOf(ENTRIES.slice(0, size), key);
  await copy.keepCheckpoint({ checkpoint: { ...over, note }, ledger });
}

async function full(): Promise<never> {
  return await Promise.reject(new Error('the disk is full'));
}

describe('a difference between what a log presented and what the ledger has', () => {
  // @actor the organisation of a log that got another key, and showed another history under it from before the change on | to go unproven, as the first checkpoint over the difference is signed by its former key
  it('is proven by the first checkpoint over it that the present key signed', async () => {
    const kept = await keeping(fileOf(present.verifierKey, former.verifierKey));
    await presented(kept, noteOf(OTHERS));
    await checkpoint(kept, 4, former);
    assert.deepEqual(await kept.conflicts.find(), [], 'the former key proves nothing');
    await checkpoint(kept, 6, present);
    assert.deepEqual(await kept.conflicts.find(), [proofBy()]);
  });
});

describe('a closed log', () => {
  const closed = failsWith('LOG_CLOSED', { log: LOG });

  it('is closed by a proof, whoever brings it, at once and after a start, and told so', async () => {
    const kept = await keeping(fileOf(present.verifierKey));
    await kept.kept.requireOpen(LOG);
    await kept.conflicts.take(proofBy());
    await assert.rejects(kept.kept.requireOpen(LOG), closed);
    assert.equal(kept.faults.length, 1);
    const again = await keeping(kept.context.network, kept.database);
    await assert.rejects(again.kept.requireOpen(LOG), closed);
    assert.deepEqual(await again.kept.closed(), [LOG]);
    assert.deepEqual(await again.conflicts.find(), [proofBy()]);
    await again.kept.requireOpen('care/insurer');
  });

  // @actor whoever brings an organisation a proof of two histories that proves nothing | to close an honest log
  it('is not closed by what proves nothing', async () => {
    const kept = await keeping(fileOf(present.verifierKey, former.verifierKey));
    const { one, other } = proofBy();
    const extends_ = { note: noteOf(ENTRIES.slice(0, 4)), entry: one.entry, proof: other.proof };
    const elsewhere = createNoteKey('another.test/care/hospital', new Uint8Array(32).fill(2));
    const wrong: Record<string, LogConflict> = {
      'of a former key': proofBy(former),
      'of another network': proofBy(elsewhere),
      'of one history': { ...proofBy(), one: other },
      'of one tree and two entries': { ...proofBy(), one: { ...other, entry: one.entry } },
      'of two sizes of one history': { ...proofBy(), one: extends_ },
      'of two keys': { ...proofBy(), one: proofBy(former).one },
      'of another place': { ...proofBy(), index: 3 },
      'beyond the tree': { ...proofBy(), index: 6 },
      'of another log': { ...proofBy(), log: 'care/insurer' },
      'of a log that is not here': { ...proofBy(), log: 'care/nobody' },
    };
    for (const [what, each] of Object.entries(wrong)) {
      await assert.rejects(kept.conflicts.take(each), failsWith('EVIDENCE_INVALID'), what);
      await kept.kept.requireOpen(LOG);
    }
    assert.equal(await kept.database.get(conflictKey(LOG)), undefined);
  });

  // @actor a thief of a log's present key | to keep the log closed for ever
  it('is open again once a successor gives it another key, is told as before, and can be closed by that one', async () => {
    const kept = await keeping(fileOf(former.verifierKey));
    await kept.conflicts.take(proofBy(former));
    await assert.rejects(kept.kept.requireOpen(LOG), closed);
    kept.context.network = fileOf(present.verifierKey, former.verifierKey);
    await kept.kept.requireOpen(LOG);
    assert.deepEqual(await kept.kept.closed(), []);
    assert.deepEqual(await kept.conflicts.find(), [proofBy(former)]);
    await assert.rejects(kept.conflicts.take(proofBy(former)), failsWith('EVIDENCE_INVALID'));
    await presented(kept, noteOf(OTHERS));
    await checkpoint(kept, 6, present);
    assert.deepEqual(await kept.conflicts.find(), [proofBy()]);
    await assert.rejects(kept.kept.requireOpen(LOG), closed);
  });

  it('stays closed if the proof was altered on disk, and that is told to nobody, until the proof comes again', async () => {
    const row = JSON.stringify(proofBy());
    for (const altered of [row.slice(1), row.replace('"index":2', '"index":3'), '{}']) {
      const kept = await keeping(fileOf(present.verifierKey));
      await kept.database.put(conflictKey(LOG), altered);
      await assert.rejects(kept.kept.requireOpen(LOG), closed);
      assert.deepEqual(await kept.conflicts.find(), []);
      await kept.conflicts.take(proofBy());
      assert.equal(await kept.database.get(conflictKey(LOG)), row);
      assert.deepEqual(await kept.conflicts.find(), [proofBy()]);
    }
  });

  // @class a proof that could not be written | counts as kept, and is lost with the next start
  it('is closed only by what was written, so that the proof is sent again', async () => {
    const kept = await keeping(fileOf(present.verifierKey));
    const { database } = kept;
    const put = database.put.bind(database);
    Object.assign(database, { put: full });
    await assert.rejects(kept.conflicts.take(proofBy()), /full/);
    await assert.rejects(kept.conflicts.take(proofBy()), /full/);
    Object.assign(database, { put });
    await kept.conflicts.take(proofBy());
    const again = await keeping(kept.context.network, database);
    await assert.rejects(again.kept.requireOpen(LOG), closed);
  });

  it('is told as closed no more once its organisation has left', async () => {
    const kept = await keeping(fileOf(present.verifierKey));
    await kept.conflicts.take(proofBy());
    const channels = kept.context.network.channels.map(({ coordinators, ...channel }) => ({
      ...channel,
      coordinators: coordinators.filter(({ organisation }) => organisation !== 'hospital'),
    }));
    kept.context.network = { ...kept.context.network, channels };
    assert.deepEqual(await kept.kept.closed(), []);
    await assert.rejects(kept.kept.requireOpen(LOG), closed);
    assert.deepEqual(await kept.conflicts.find(), [proofBy()]);
  });

  it('is verified once for each network file, and its row read once', async () => {
    const kept = await keeping(fileOf(present.verifierKey));
    await kept.conflicts.take(proofBy());
    const again = await keeping(kept.context.network, kept.database);
    let [reads, checks] = [0, 0];
    const { database } = again;
    const getMany = database.getMany.bind(database) as (keys: string[]) => Promise<string[]>;
    const counting = async (keys: string[]): Promise<string[]> => {
      reads += 1;
      return await getMany(keys);
    };
    Object.assign(database, { getMany: counting });
    const { primitives: real } = again.context as unknown as ServiceContext;
    Object.assign(again.context, {
      primitives: {
        ...real,
        sha256: (bytes: Uint8Array) => {
          checks += 1;
          return real.sha256(bytes);
        },
      },
    });
    await assert.rejects(again.kept.requireOpen(LOG), closed);
    const once = checks;
    assert.ok(once > 0);
    for (let n = 0; n < 5; n++) await assert.rejects(again.kept.requireOpen(LOG), closed);
    assert.deepEqual([reads, checks], [1, once]);
  });
});
