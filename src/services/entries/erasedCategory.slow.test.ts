import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { submitEvidence } from '../../client/agent/submit.ts';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import type { Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import {
  judgedBody,
  refusedWith,
  submissionOf,
  submitted,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ReleaseRequest, ViewToRelease } from '../ports.ts';
import { addOwn, erasureBy, fileOf, holding } from '../test/erased.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
});
after(async () => await network.close());
afterEach(() => {
  network.liars.coordinator.clear();
  network.liars.contributor.clear();
});

async function add(category: ChartRecord['category'], note: string): Promise<void> {
  const { doctor, handle, right } = care;
  const own = { handle, category, purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: utf8ToBytes(note) });
}

/** The newest record of a category, as the doctor sees it with the keys of now. */
async function seen(category: ChartRecord['category']): Promise<ChartRecord> {
  const { doctor, handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const record = chart.records.findLast((each) => each.category === category);
  assert.ok(record);
  return record;
}

function viewOfRecord({ record, version }: ChartRecord, change: Partial<View> = {}): View {
  return viewOf(care, { what: 'record', record, version, ...change });
}

describe('a view of an erased record', () => {
  it('is refused to its reader and to its patient, on the log, and again', async () => {
    const { doctor, patient, handle } = care;
    await add('imaging', 'an image');
    const record = await seen('imaging');
    await eraseKeys(patient, 'imaging');
    await network.checkpoint();
    const submission = submissionOf(care, 'View', viewOfRecord(record));
    for (const _ of [1, 2]) {
      const outcome = await submitted(doctor, submission);
      const body = refusedWith(outcome, 'RECORD_ERASED');
      assert.equal(body?.code, 'RECORD_ERASED');
      assert.ok(outcome.outcome === 'refused');
      failsWith('RECORD_ERASED', { category: 'imaging' })(fromProblem(outcome.problem));
    }
    const own = viewOfRecord(record, { grant: `0x${'00'.repeat(32)}`, purpose: 'PATRQT', handle });
    refusedWith(
      await submitted(patient, { request: sign(patient, patient, 'View', own) }),
      'RECORD_ERASED',
    );
    await add('imaging', 'another image');
    const chart = await readChart(doctor, { handle, grant: care.right.grant, purpose: 'TREAT' });
    assert.deepEqual(
      chart.records.flatMap(({ category }) => (category === 'imaging' ? [category] : [])).length,
      2,
      'the chart still lists what was erased',
    );
  });

  // @attack a ticket of before the erasure fetches the file | refused
  it('whose ticket was given before releases no file', async () => {
    const { doctor, patient } = care;
    await add('vitals', 'a pulse');
    const record = await seen('vitals');
    const view = viewOfRecord(record);
    const { release } = await submitEvidence(doctor, 'View', view, { opening: care.right.grant });
    const ticket = release?.ticket ?? '';
    assert.ok((await doctor.agent.fileSize(ticket, record.file)) > 0);
    await eraseKeys(patient, 'vitals');
    await assert.rejects(
      doctor.agent.fileSize(ticket, record.file),
      failsWith('RECORD_ERASED', { category: 'vitals' }),
    );
    await network.checkpoint();
    assert.deepEqual(await holding(network, record.file), []);
  });

  // @attack an agent shows an erased record all the same | coordinators refuse the view
  it('is refused by the coordinators, though an agent would take it', async () => {
    const { doctor, patient } = care;
    await add('reports', 'a report');
    const record = await seen('reports');
    await eraseKeys(patient, 'reports');
    await network.checkpoint();
    const request = sign(doctor, doctor, 'View', viewOfRecord(record));
    const judged = judgedBody(network, care, request);
    for (const name of ORGANISATIONS) {
      const { coordinator } = network.services(name);
      const bodies = [{ ...judged, record: record.acknowledgement }];
      const { refused, verdict } = await coordinator.judge({ log: doctor.log, bodies });
      assert.equal(verdict, undefined);
      assert.deepEqual(
        refused.map(({ problem }) => problem.code),
        ['RECORD_ERASED'],
      );
    }
  });

  // @attack an agent refuses a record as erased that is not | no coordinator signs that refusal
  it('that was not erased is not refused with that code by any coordinator', async () => {
    const { doctor, patient } = care;
    await add('billing', 'a bill');
    const record = await seen('billing');
    await eraseKeys(patient, 'vitals');
    await network.checkpoint();
    const request = sign(doctor, doctor, 'View', viewOfRecord(record));
    const change = { flag: 'R', code: 'RECORD_ERASED' } as const;
    const bodies = [
      { ...judgedBody(network, care, request, change), record: record.acknowledgement },
    ];
    for (const name of ORGANISATIONS) {
      const { coordinator } = network.services(name);
      const { refused } = await coordinator.judge({ log: doctor.log, bodies });
      assert.deepEqual(
        refused.map(({ problem }) => problem.code),
        ['ANSWER_DISPUTED'],
      );
    }
  });
});

async function away(): Promise<never> {
  return await Promise.reject(new Error('away'));
}

async function keptFile(record: ChartRecord): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of network.services().vault.get(record.file)) parts.push(part);
  return Buffer.concat(parts);
}

describe('shares for an erased record', () => {
  const identity = ageIdentity(new Uint8Array(32).fill(7));

  // @attack a reader who kept packet, right and file has an erased record released | coordinators refuse, those that judged the erasure at once
  it('are released by none of those who judged the erasure, from that moment and after a start', async () => {
    const { doctor, patient } = care;
    await add('plans', 'a letter');
    const record = await seen('plans');
    const { request } = await viewBy(doctor, record);
    // The laboratory does not judge, and hears of no checkpoint: it has to learn it by copying.
    const { coordinator, contributor } = network.services('laboratory');
    network.liars.contributor.set('laboratory', { ...contributor, notice: away });
    network.liars.coordinator.set('laboratory', { ...coordinator, judge: away });
    const before = await network.services('insurer').coordinator.release(request);
    assert.equal(before.entries.length, 1);
    await eraseKeys(patient, 'plans');
    const release = async (name: string): Promise<unknown> =>
      await network.services(name).coordinator.release(request);
    await assert.rejects(release('hospital'), failsWith('RECORD_ERASED'));
    await assert.rejects(release('insurer'), failsWith('RECORD_ERASED'));
    // One alone opens nothing.
    await release('laboratory');
    await network.restart('insurer');
    await assert.rejects(release('insurer'), failsWith('RECORD_ERASED'));
    network.liars.contributor.clear();
    network.liars.coordinator.clear();
    await network.checkpoint();
    for (const name of ORGANISATIONS) {
      await assert.rejects(release(name), failsWith('RECORD_ERASED'));
    }
    await assert.rejects(
      doctor.agent.release({
        recipient: request.recipient,
        views: request.views.map(({ view: { index }, place, seal, encapsulation }) => {
          return { index, place, seal, encapsulation };
        }),
        opening: care.right.grant,
      }),
      failsWith('RECORD_ERASED'),
    );
  });

  it('are no use to a reader who kept packet and file, and none come', async () => {
    const { doctor, patient, handle, right } = care;
    await add('coverage', 'a policy');
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const record = chart.records.findLast(({ category }) => category === 'coverage');
    assert.ok(record);
    const file = await keptFile(record);
    const opener = chart.openerFor(record);
    await eraseKeys(patient, 'coverage');
    await network.checkpoint();
    await assert.rejects(openBytes([opener], file), failsWith('SEAL_UNREADABLE'));
    refusedWith(
      await submitted(doctor, submissionOf(care, 'View', viewOfRecord(record))),
      'RECORD_ERASED',
    );
  });

  async function viewBy(
    reader: Party,
    record: ChartRecord,
  ): Promise<{ request: ReleaseRequest; view: ViewToRelease }> {
    const recipient = await recipientOf(identity);
    const salt = readerSalt(reader.primitives, recipient, 0);
    const opening = care.right.grant;
    const { acknowledgement } = await submitEvidence(
      reader,
      'View',
      viewOfRecord(record, { salt }),
      { opening },
    );
    await network.services().administrator.checkpoint();
    const seal = await sealOf(network, record);
    const { acknowledgement: write } = record;
    const view = { ...seal, view: acknowledgement, place: 0, record: write, opening };
    return { request: { log: reader.log, recipient, views: [view] }, view };
  }
});

describe('an erasure that is not its patient’s', () => {
  it('is entered as refused, and deletes nothing', async () => {
    const { doctor, stranger, patient, handle } = care;
    const note = await addOwn(patient, 'laboratory', 20_000);
    await eraseKeys(patient, 'imaging');
    const category = 'laboratory';
    for (const [author, code, epoch] of [
      [doctor, 'RIGHT_MISSING', 1],
      [stranger, 'RIGHT_MISSING', 1],
      [patient, 'REQUEST_MALFORMED', 1000],
    ] as const) {
      const body = refusedWith(
        await submitted(author, erasureBy(author, { handle, category, epoch })),
        code,
      );
      if (body !== undefined) assert.equal(body.flag, 'R');
    }
    await network.checkpoint();
    assert.deepEqual(await holding(network, fileOf(note)), ORGANISATIONS);
  });

  // @attack an erasure is replayed at another log or network, or altered | refused
  it('signed for another log is refused at this one', async () => {
    const { patient, handle } = care;
    const wrong = erasureBy(patient, {
      log: 'care/insurer',
      handle,
      category: 'laboratory',
      epoch: 1,
    });
    refusedWith(await submitted(patient, wrong), 'NOT_YET');
    const changed = erasureBy(patient, { handle, category: 'imaging', epoch: 1 });
    const altered = {
      ...changed.request,
      message: { ...changed.request.message, category: 'laboratory' },
    } as typeof changed.request;
    refusedWith(await submitted(patient, { request: altered }), 'SIGNATURE_INVALID');
  });

  // @attack a write of an erased epoch comes after the erasure | refused: it is stale
  it('is not in the way of a write of the present epoch, and no write of a former one comes after it', async () => {
    const { doctor, patient } = care;
    const epoch = await eraseKeys(patient, 'laboratory');
    const stale = await writeOf(care, { category: 'laboratory', epoch });
    refusedWith(await submitted(doctor, submissionOf(care, 'Write', stale)), 'EPOCH_STALE');
    await add('laboratory', 'a value');
    await network.checkpoint();
    const record = await seen('laboratory');
    assert.deepEqual(await holding(network, record.file), ORGANISATIONS);
  });
});
