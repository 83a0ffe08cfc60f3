import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { releasedName } from '../../protocol/release/releasedView.ts';
import { releaseOfNote } from '../../protocol/release/releaseOfNote.ts';
import type { ReleaseNote } from '../../protocol/release/ReleaseNote.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { lyingTo } from '../test/lyingTo.ts';
import type { AuditedLog, AuditEvent } from './Audit.ts';
import { examineAudit } from './examineAudit.ts';
import { versionsIn } from './examineReleases.ts';

const RECORDS = 4;

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (let i = 0; i < RECORDS; i++) {
    await addRecord(doctor, { ...own, content: utf8ToBytes(`note ${i}`) });
  }
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  for await (const read of readRecords(doctor, chart, chart.records)) assert.ok('content' in read);
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

async function audited(): Promise<AuditedLog> {
  const { logs } = await examineAudit(lyingTo(network, care.patient, {}));
  return logs.find(({ log }) => log === 'care/hospital') ?? assert.fail();
}

function setIn({ events }: AuditedLog): AuditEvent {
  return events.find(({ body }) => body?.request.type === 'ViewSet') ?? assert.fail();
}

/** Has a coordinator tell other notes than it has, in a list that it signs. */
function telling(
  name: Organisation,
  change: (notes: readonly ReleaseNote[]) => readonly ReleaseNote[],
): void {
  const { coordinator } = network.services(name);
  const key = network.keys.get(name)?.coordinator ?? assert.fail();
  network.liars.coordinator.set(name, {
    ...coordinator,
    releases: async (query) => {
      const told = await coordinator.releases(query);
      const notes = change(told.notes);
      const names = notes.map((note) => releasedName(care.doctor.primitives, note));
      const last = listRoot(care.doctor.primitives, names);
      const tally = { ...told.tally, count: notes.length, last };
      const { signature } = sign(care.doctor, key, 'Tally', tally);
      return { ...told, notes, tally, signature };
    },
  });
}

/** The note of an organisation that it released another record version for the same view. */
function noteOf(name: Organisation, { release, entry }: ReleaseNote, leaf: Bytes32): ReleaseNote {
  const key = network.keys.get(name)?.coordinator ?? assert.fail();
  const { primitives } = care.doctor;
  const told = releaseOfNote(primitives, releasedName(primitives, { entry, leaf }), release);
  const { party: coordinator, signature } = sign(care.doctor, key, 'ShareRelease', told);
  return { entry, leaf, release: told, coordinator, signature };
}

function untold({ unchecked }: AuditedLog): string {
  return unchecked.filter((each) => each.startsWith('who released')).join();
}

describe('the audit of a view of several guarded records', () => {
  it('tells for each record who released it', async () => {
    const log = await audited();
    const { released = [], pairs = [] } = setIn(log);
    assert.equal(pairs.length, RECORDS);
    assert.equal(released.length, 3 * RECORDS);
    assert.equal(new Set(released.map(({ leaf }) => leaf)).size, RECORDS);
    assert.equal(versionsIn(setIn(log)), RECORDS);
    assert.deepEqual([log.faults, untold(log)], [[], '']);
  });

  // @attack coordinators tell one of the records that they released for a view, and keep the others back | each record is counted
  it('says of how many records too few organisations told', async () => {
    telling('laboratory', (notes) => notes.slice(0, 1));
    assert.equal(untold(await audited()), '');
    telling('insurer', (notes) => notes.slice(0, 1));
    assert.match(untold(await audited()), /^who released [34] of its 4 views by others: fewer/);
  });

  // @attack a coordinator releases a record that a view leaves out or does not name | its own note is a fault in the audit
  it('finds a release of a record that the view does not name', async () => {
    telling('insurer', (notes) => {
      const [note = assert.fail()] = notes;
      return [...notes, noteOf('insurer', note, word('another leaf'))];
    });
    const [fault = ''] = (await audited()).faults;
    assert.match(fault, /^#\d+: insurer released the key of a record that the view does not let/);
  });
});
