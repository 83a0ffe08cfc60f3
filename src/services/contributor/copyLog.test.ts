import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { contextOf } from '../../node/contextOf.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { LedgerPlace, PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { placeText } from '../../protocol/wire/placeText.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ContributorPort } from '../ports.ts';
import { copyLog, type CopyOptions } from './copyLog.ts';

const LOG = 'care/hospital';
/** Entries between two checkpoints, and how many of them are held at a time. */
const ENTRIES = 7;
const MOST = 3;

let network: TestNetwork;
/** The laboratory's copy of the log, which has nothing yet. */
let log: EvidenceLog;
let target: PlacedCheckpoint;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  const care = await startCare(network);
  const { contributor, logs } = network.services('laboratory');
  network.liars.contributor.set('laboratory', {
    ...contributor,
    notice: async () => await Promise.resolve(),
  });
  for (let entry = 0; entry < ENTRIES; entry++) {
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
  }
  await network.services().administrator.checkpoint();
  log = logs.get(LOG) ?? assert.fail();
  target = (await network.services().contributor.latestCheckpoint(LOG)) ?? assert.fail();
  assert.deepEqual([log.size, target.checkpoint.size], [0, ENTRIES]);
});
afterEach(async () => await network.close());

/** Copies from the hospital, changed where said. */
async function copy(change: Partial<ContributorPort>, alone = now): Promise<void> {
  const { index } = network.services('laboratory');
  const context = contextOf(network.ports, {
    network: network.file,
    organisation: 'laboratory',
    index,
  });
  const options: CopyOptions = {
    log,
    peer: { ...network.services('hospital').contributor, ...change },
    complete: async (entries) => await Promise.resolve(entries),
    want: async () => await Promise.resolve(),
    entered: () => undefined,
    alone,
    most: MOST,
  };
  await copyLog(context, options, target);
}

async function now(change: () => Promise<void>): Promise<void> {
  await change();
}

describe('copying many entries between two checkpoints', () => {
  it('holds some of them at a time, and appends none before all make the root that was signed', async () => {
    const source = network.services('hospital').contributor;
    const asked: [from: number, to: number, size: number][] = [];
    await copy({
      read: async (range) => {
        asked.push([range.from, range.to, log.size]);
        return await source.read(range);
      },
    });
    assert.deepEqual(asked, [
      [0, 3, 0],
      [3, 6, 0],
      [6, 7, 0],
      [0, 3, 0],
      [3, 6, 3],
      [6, 7, 6],
    ]);
    const all = { from: 0, to: ENTRIES };
    assert.deepEqual(await log.copies(all), await source.read({ log: LOG, ...all }));
    assert.deepEqual(await log.latestCheckpoint(), target);
  });

  it('takes nothing if the first reading makes another root', async () => {
    const read = swapping((reads) => reads === 3);
    await assert.rejects(copy({ read }), failsWith('EVIDENCE_INVALID'));
    assert.equal(log.size, 0);
  });

  it('takes nothing that is another the second time than the first', async () => {
    const read = swapping((reads) => reads === 5);
    await assert.rejects(copy({ read }), failsWith('EVIDENCE_INVALID'));
    assert.equal(log.size, MOST);
    assert.equal(await log.latestCheckpoint(), undefined);
    await copy({});
    assert.deepEqual([log.size, await log.latestCheckpoint()], [ENTRIES, target]);
  });

  it('goes on from where another peer, who was faster, has brought the log', async () => {
    let isFirst = true;
    await copy({}, async (change) => {
      if (isFirst) {
        isFirst = false;
        await copy({});
        assert.equal(log.size, ENTRIES);
      }
      await change();
    });
    assert.deepEqual(await log.latestCheckpoint(), target);
    assert.equal(await log.root(ENTRIES), target.checkpoint.root);
  });
});

describe('a copied log keeps no place on the ledger', () => {
  /** A checkpoint before the last, and the last. */
  let earlier: PlacedCheckpoint;
  beforeEach(async () => {
    earlier = target;
    const { administrator, contributor } = network.services();
    const care = await startCare(network);
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
    await administrator.checkpoint();
    target = (await contributor.latestCheckpoint(LOG)) ?? assert.fail();
    assert.ok(target.checkpoint.size > earlier.checkpoint.size);
  });

  // @attack a peer gives a checkpoint with a false place on the ledger, for an honest node to serve | the log's signature is checked before it is copied
  it('that its log did not sign, of the last checkpoint or one on the way', async () => {
    const transaction = word('elsewhere');
    for (const change of [{ transaction }, { block: 1 }, { note: 'no note' }]) {
      const ledger = { ...target.ledger, ...change };
      await refused({ ...target, ledger });
      await refused(target, { ...earlier, ledger: { ...earlier.ledger, ...change } });
    }
    await refused({ ...target, ledger: earlier.ledger });
  });

  // @attack a log signs a false place on the ledger itself | the ledger is asked before it is copied
  it('that its log signed and the ledger does not have', async () => {
    const { transaction, block } = target.ledger;
    for (const place of [
      { transaction: word('elsewhere'), block },
      { transaction, block: block - 1 },
      { transaction, block: block + 1000 },
      earlier.ledger,
    ]) {
      await refused(placedBy(log, target, place));
    }
    for (const place of [
      { transaction: word('elsewhere'), block: earlier.ledger.block },
      { transaction: earlier.ledger.transaction, block: earlier.ledger.block - 1 },
      { transaction: earlier.ledger.transaction, block: earlier.ledger.block + 1000 },
      target.ledger,
    ]) {
      await refused(target, placedBy(log, earlier, place));
    }
  });

  it('but the right one, at each step', async () => {
    await copy({});
    const kept: PlacedCheckpoint[] = [];
    for await (const each of log.checkpoints()) kept.push(each);
    assert.deepEqual(kept, [earlier, target]);
  });
});

async function refused(placed: PlacedCheckpoint, next?: PlacedCheckpoint): Promise<void> {
  const right = target;
  target = placed;
  const nextCheckpoint = next && { nextCheckpoint: async () => await Promise.resolve(next) };
  await assert.rejects(copy({ ...nextCheckpoint }), failsWith('EVIDENCE_INVALID'));
  assert.deepEqual([log.size, await log.latestCheckpoint()], [0, undefined]);
  target = right;
}

/** Returns the log's own signature for a place. */
function placedBy(
  log: EvidenceLog,
  { checkpoint }: PlacedCheckpoint,
  place: LedgerPlace,
): PlacedCheckpoint {
  const { origin } = log.identity;
  const key = createNoteKey(origin, network.keys.get('hospital')?.note ?? assert.fail());
  const note = signNote(network.ports.primitives, placeText(origin, checkpoint, place), [key]);
  return { checkpoint, ledger: { ...place, note } };
}

/** Gives the hospital's entries, of some readings the first in place of the last. */
function swapping(isOther: (reads: number) => boolean): ContributorPort['read'] {
  const source = network.services('hospital').contributor;
  let reads = 0;
  return async (range) => {
    reads += 1;
    const page: readonly CopiedEntry[] = await source.read(range);
    const [other] = await source.read({ log: LOG, from: 0, to: 1 });
    const last = page.at(-1);
    if (!isOther(reads) || last === undefined || other === undefined) return page;
    return [...page.slice(0, -1), { ...other, index: last.index }];
  };
}
