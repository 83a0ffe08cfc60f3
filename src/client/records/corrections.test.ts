import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { objectionsIn } from '../../fhir/effectiveResource.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { answerTo } from '../../protocol/evidence/answeredBy.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { readBundle } from '../care/records/readBundle.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { keepMistake, readMistakes } from '../letters/keptMistakes.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { examineAudit } from '../audit/examineAudit.ts';
import { entryOfEvent } from '../audit/entryOfEvent.ts';
import type { AuditEvent } from '../audit/Audit.ts';
import { sendLetter } from '../letters/letters.ts';
import { waitsForAnswer } from '../letters/Mistake.ts';
import { readersBefore, readersToTell, tellReaders } from '../letters/tellReaders.ts';
import { readRecord } from './readRecord.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { addRecord } from './addRecord.ts';
import { answerObjection, disagreeWithAnswer } from './answerObjection.ts';
import { encodeObjectionAnswer } from './answerContent.ts';
import { listCorrections, type Correction } from './corrections.ts';
import { newestOfEach } from './newestOfEach.ts';
import { readObjections } from './objections.ts';
import { objectToRecord } from './objectToRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';

const WORDS = 'I have never had asthma.';
const REASON = 'The laboratory confirmed it.';
const TERM = 30 * 24 * 3600;

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

async function own(patient = care.patient, handle = care.handle): Promise<Chart> {
  return await readChart(patient, { handle, purpose: 'PATRQT' });
}

async function theirs(doctor = care.doctor, { grant } = care.right): Promise<Chart> {
  return await readChart(doctor, { handle: grant.handle, grant, purpose: 'TREAT' });
}

/** A record of the doctor, or its next version. */
async function write(amends?: ChartRecord): Promise<ChartRecord> {
  const { doctor, handle, right } = care;
  const content = utf8ToBytes(`Asthma. ${amends?.version ?? 0}`);
  const terms = {
    handle,
    category: 'vitals',
    content,
    purpose: 'TREAT',
    grant: right.grant,
  } as const;
  const { record, version } = await addRecord(doctor, { ...terms, ...(amends && { amends }) });
  const { records } = await own();
  const found = records.find((each) => each.record === record && each.version === version);
  return found ?? assert.fail();
}

/** A record of the doctor and the patient's objection to it. */
async function objected(words = WORDS): Promise<{ record: ChartRecord; objection: ChartRecord }> {
  const record = await write();
  const added = await objectToRecord(care.patient, { record, words });
  assert.equal(added.untold, undefined);
  const objection = (await own()).records.find((each) => each.record === added.record);
  return { record, objection: objection ?? assert.fail() };
}

async function only(chart: Chart, reader: Party): Promise<Correction> {
  const all = await listCorrections(reader, chart);
  assert.equal(all.length, 1);
  return all[0] ?? assert.fail();
}

function later(party: Party, at: number): Party {
  return { ...party, clock: { ...party.clock, now: () => at * 1000 } };
}

/** Puts something beside a record as a device that checks nothing itself. */
async function forced(
  by: Party,
  { about, answers }: { readonly about: Handle; readonly answers: Handle },
  grant = care.right.grant,
): Promise<unknown> {
  const terms = { handle: grant.handle, category: 'vitals', purpose: 'TREAT', grant } as const;
  const content = encodeObjectionAnswer({ words: REASON });
  return await addRecord(by, { ...terms, content, about, answers });
}

/** The doctor's record in two versions, the first of which a second doctor read. */
async function amendedAfterReading(): Promise<{
  readonly amended: ChartRecord;
  readonly reader: Party;
}> {
  const { patient, stranger: reader } = care;
  const record = await write();
  const right = await grantRight(patient, everything(reader));
  await checkInbox(reader);
  await readRecord(reader, await theirs(reader, right), record);
  return { amended: await write(record), reader };
}

describe('an objection', () => {
  it('is open until the last second of its term, and overdue one second later, on a second device as well', async () => {
    const { objection } = await objected();
    const further = await furtherDevice(network, care.patient);
    for (const device of [care.patient, further]) {
      const chart = await own(device);
      const { due, state } = await only(chart, device);
      assert.deepEqual([due, state], [objection.at + TERM, 'open']);
      assert.equal((await only(chart, later(device, due))).state, 'open');
      assert.equal((await only(chart, later(device, due + 1))).state, 'overdue');
    }
    const chart = await theirs();
    const { due } = await only(chart, care.doctor);
    assert.equal((await only(chart, later(care.doctor, due + 1))).state, 'overdue');
  });

  it('has the term of the network file that was in force when it was made, and 30 days by one of before', async () => {
    const { objection } = await objected();
    const { patient } = care;
    const chart = await own();
    const [channel = assert.fail(), ...rest] = patient.network.channels;
    const file = (correctionDays?: number): NetworkFile['channels'] => [
      { ...channel, ...(correctionDays !== undefined && { correctionDays }) },
      ...rest,
    ];
    const dueBy = async (changed: Partial<NetworkFile>): Promise<number | undefined> => {
      const reader = { ...patient, network: { ...patient.network, ...changed } };
      return (await listCorrections(reader, chart))[0]?.due;
    };
    const day = 24 * 3600;
    assert.equal(await dueBy({ channels: file(7) }), objection.at + 7 * day);
    const before = (until: number): NonNullable<NetworkFile['before']> => [
      { fingerprint: objection.record, until, channels: file() },
    ];
    const changed = { channels: file(7) };
    assert.equal(
      await dueBy({ ...changed, before: before(objection.at + 1) }),
      objection.at + TERM,
    );
    assert.equal(await dueBy({ ...changed, before: before(objection.at) }), objection.at + 7 * day);
  });

  it('reaches the author by a letter that names it, once', async () => {
    const { record, objection } = await objected();
    await checkInbox(care.doctor);
    const [told, ...more] = await readMistakes(care.doctor);
    assert.deepEqual([told?.id, told?.about.record, more], [objection.record, record.record, []]);
    const again = await objectToRecord(care.patient, { record, words: WORDS });
    assert.equal(again.already, true);
    assert.equal((await readMistakes(care.patient)).length, 1);
  });

  it('is withdrawn by the patient, and then waits for nobody', async () => {
    const { objection } = await objected();
    const { patient, handle } = care;
    const terms = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
    await addRecord(patient, { ...terms, content: new Uint8Array(), amends: objection });
    assert.equal((await only(await own(), later(patient, BEGIN + 2 * TERM))).state, 'withdrawn');
    const answer = answerObjection(care.doctor, await theirs(), { objection, words: REASON });
    await assert.rejects(answer, failsWith('ARGUMENT_INVALID'));
  });
});

describe('the answer to an objection', () => {
  it('declines with a reason that patient and readers see beside the record, and closes the term for ever', async () => {
    const { record, objection } = await objected();
    await checkInbox(care.doctor);
    const answered = await answerObjection(care.doctor, await theirs(), {
      objection,
      words: REASON,
    });
    assert.deepEqual([answered.record, answered.untold], [answerTo(objection.record), undefined]);
    const chart = await own();
    assert.equal((await only(chart, later(care.patient, BEGIN + 2 * TERM))).state, 'answered');
    const said = [
      { at: objection.at, words: WORDS },
      { at: objection.at, words: REASON, answer: 'declined' },
    ];
    assert.deepEqual(await readObjections(care.patient, chart, record), said);
    assert.deepEqual(await readObjections(care.doctor, await theirs(), record), said);
    await checkInbox(care.patient);
    assert.equal((await readMistakes(care.patient))[0]?.answer?.words, REASON);
  });

  it('names the version that amends the record since', async () => {
    const { record, objection } = await objected();
    const { version } = await write(record);
    await answerObjection(care.doctor, await theirs(), { objection, version });
    const [, answer] = await readObjections(care.patient, await own(), record);
    assert.deepEqual([answer?.answer, answer?.version], ['amended', 2]);
  });

  // @actor an author | answers an objection by an amendment of another record, or by one of before
  it('names no version that is not there, that was there before, or that is of another record', async () => {
    const first = await write();
    const amended = await write(first);
    network.clock.advance(1000);
    const { objection } = await objected();
    const chart = await theirs();
    for (const version of [1, 2, 7]) {
      const wrong = answerObjection(care.doctor, chart, { objection, version });
      await assert.rejects(wrong, failsWith('ARGUMENT_INVALID'), String(version));
    }
    assert.equal(amended.version, 2);
    await objectToRecord(care.patient, { record: amended, words: WORDS });
    const other = (await theirs()).records.find(({ about }) => about === amended.record);
    const before = answerObjection(care.doctor, await theirs(), {
      objection: other ?? assert.fail(),
      version: 2,
    });
    await assert.rejects(before, failsWith('ARGUMENT_INVALID'));
  });

  it('is said once; who said it may say something else in its next version, and the same again is there already', async () => {
    const { record, objection } = await objected();
    const { doctor } = care;
    const answer = { objection, words: REASON };
    const first = await answerObjection(doctor, await theirs(), answer);
    const same = await answerObjection(doctor, await theirs(), answer);
    assert.deepEqual([same.already, same.acknowledgement], [true, first.acknowledgement]);
    await assert.rejects(
      forced(doctor, { about: record.record, answers: objection.record }),
      failsWith('REQUEST_ALTERED'),
    );
    const { version } = await write(record);
    const next = await answerObjection(doctor, await theirs(), { objection, version });
    assert.deepEqual([next.record, next.version], [first.record, 2]);
    const said = await readObjections(care.patient, await own(), record);
    assert.deepEqual(
      said.map(({ answer: each, version: amending }) => [each, amending]),
      [
        [undefined, undefined],
        ['amended', 2],
      ],
    );
  });

  // @actor a doctor who may add to the chart | declines an objection to another doctor's record
  it('is refused of another author who may add to the chart, whatever that one’s device checks', async () => {
    const { record, objection } = await objected();
    const { patient, stranger } = care;
    const right = await grantRight(patient, everything(stranger));
    await checkInbox(stranger);
    const answer = answerObjection(stranger, await theirs(stranger, right), {
      objection,
      words: REASON,
    });
    await assert.rejects(answer, failsWith('LINE_OF_ANOTHER'));
    const place = { about: record.record, answers: objection.record };
    await assert.rejects(forced(stranger, place, right.grant), failsWith('LINE_OF_ANOTHER'));
    assert.equal((await only(await own(), patient)).state, 'open');
  });

  // @actor an author | puts an answer beside a record to which nobody objected, or to an objection to another record
  it('is refused to an objection that does not exist, is to another record, or on another chart', async () => {
    const { doctor, patient } = care;
    const { record, objection } = await objected();
    const beside = await write();
    const nothing = forced(doctor, { about: record.record, answers: record.record });
    await assert.rejects(nothing, failsWith('REQUEST_MALFORMED'));
    const unknown = forced(doctor, { about: record.record, answers: answerTo(record.record) });
    await assert.rejects(unknown, failsWith('NOT_FOUND'));
    const crossed = forced(doctor, { about: beside.record, answers: objection.record });
    await assert.rejects(crossed, failsWith('REQUEST_MALFORMED'));
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    const right = await grantRight(other, everything(doctor));
    await checkInbox(doctor);
    const place = { about: record.record, answers: objection.record };
    await assert.rejects(forced(doctor, place, right.grant), failsWith('NOT_FOUND'));
    const elsewhere = answerObjection(doctor, await theirs(doctor, right), {
      objection,
      words: REASON,
    });
    await assert.rejects(elsewhere, failsWith('NOT_FOUND'));
    assert.equal((await listCorrections(patient, await own())).length, 1);
  });

  it('is refused without words, of the patient, and in another category than the record', async () => {
    const { patient, doctor, handle, right } = care;
    const { record, objection } = await objected();
    for (const words of [undefined, ' ', 'x'.repeat(2001)]) {
      const empty = answerObjection(doctor, await theirs(), { objection, words });
      await assert.rejects(empty, failsWith('ARGUMENT_INVALID'));
    }
    const terms = {
      handle,
      purpose: 'TREAT',
      about: record.record,
      answers: objection.record,
    } as const;
    const content = encodeObjectionAnswer({ words: REASON });
    await assert.rejects(
      addRecord(doctor, { ...terms, category: 'other', content, grant: right.grant }),
      failsWith('REQUEST_MALFORMED'),
    );
    const ofPatient = answerObjection(patient, await own(), { objection, words: REASON });
    await assert.rejects(ofPatient, failsWith('ARGUMENT_INVALID'));
    // The patient's own word there is an objection, and never taken for the author's answer.
    await addRecord(patient, { ...terms, category: 'vitals', content });
    const said = await readObjections(doctor, await theirs(), record);
    assert.equal(
      said.some(({ answer }) => answer !== undefined),
      false,
    );
  });

  it('takes a right that stands: after its end the author is refused, until the patient gives a right to add', async () => {
    const { patient, doctor, right } = care;
    const { record, objection } = await objected();
    const chart = await theirs();
    await revokeRight(patient, right.digest);
    await assert.rejects(
      answerObjection(doctor, chart, { objection, words: REASON }),
      failsWith('RIGHT_ENDED'),
    );
    const reading = { ...everything(doctor), actions: ['read'] } as const;
    const reads = await grantRight(patient, reading);
    await checkInbox(doctor);
    const read = answerObjection(doctor, await theirs(doctor, reads), { objection, words: REASON });
    await assert.rejects(read, failsWith('RIGHT_MISSING'));
    assert.equal((await only(await own(), later(patient, BEGIN + 2 * TERM))).state, 'overdue');
    const again = await grantRight(patient, everything(doctor));
    await checkInbox(doctor);
    await answerObjection(doctor, await theirs(doctor, again), { objection, words: REASON });
    assert.equal((await readObjections(patient, await own(), record)).length, 2);
  });

  it('is refused once the patient erased the record', async () => {
    const { patient, doctor } = care;
    const { objection } = await objected();
    await eraseKeys(patient, 'vitals');
    const chart = await theirs();
    assert.deepEqual(await listCorrections(doctor, chart), []);
    const answer = answerObjection(doctor, chart, { objection, words: REASON });
    await assert.rejects(answer, failsWith('NOT_FOUND'));
  });

  it('stays after nodes were started again, and an objection of before is still answered', async () => {
    const { objection, record } = await objected();
    await network.restart('hospital');
    await network.restart('laboratory');
    await answerObjection(care.doctor, await theirs(), { objection, words: REASON });
    await network.restart('hospital');
    assert.equal((await readObjections(care.patient, await own(), record)).length, 2);
  });

  it('goes along with FHIR, and nobody’s own extension counts for it', async () => {
    const { patient, doctor, handle, right } = care;
    const terms = { handle, category: 'conditions', purpose: 'TREAT', grant: right.grant } as const;
    const forgedAnswer = {
      url: 'urn:medseal:objection-answer',
      valueAnnotation: { time: '2026-01-01T00:00:00Z', text: 'Nobody objects.' },
    };
    const resource = {
      resourceType: 'Condition' as const,
      code: { text: 'Asthma' },
      subject: { display: 'Anna' },
      extension: [forgedAnswer],
    };
    const content = encodePart(
      partOfResource(bytesToHex(doctor.random(16)), 'conditions', resource),
    );
    const { record } = await addRecord(doctor, { ...terms, content });
    const listed = newestOfEach((await own()).records).find((each) => each.record === record);
    await objectToRecord(patient, { record: listed ?? assert.fail(), words: WORDS });
    const objection = (await theirs()).records.find(({ about }) => about === record);
    await answerObjection(doctor, await theirs(), {
      objection: objection ?? assert.fail(),
      words: REASON,
    });
    for (const [reader, chart] of [
      [patient, await own()],
      [doctor, await theirs()],
    ] as const) {
      const found = await readBundle(reader, chart, listed ?? assert.fail());
      const exported = found.complete ? found.bundle.entry?.[0]?.resource : assert.fail();
      assert.deepEqual(
        objectionsIn(exported).map(({ words, answer }) => [words, answer]),
        [
          [WORDS, undefined],
          [REASON, 'declined'],
        ],
      );
    }
  });
});

describe('a statement of disagreement', () => {
  it('stays with the record, is read by whoever reads it, and has no term', async () => {
    const { patient, doctor } = care;
    const { record, objection } = await objected();
    await answerObjection(doctor, await theirs(), { objection, words: REASON });
    await disagreeWithAnswer(patient, await own(), { objection, words: 'I was never tested.' });
    const chart = await theirs();
    const said = await readObjections(doctor, chart, record);
    assert.deepEqual(
      said.map(({ words }) => words),
      [WORDS, REASON, 'I was never tested.'],
    );
    const { state, statement } = await only(chart, later(doctor, BEGIN + 2 * TERM));
    assert.deepEqual([state, statement?.begunBy], ['answered', patient.address]);
  });

  it('is refused before there is an answer, without words, and of the author', async () => {
    const { patient, doctor } = care;
    const { objection } = await objected();
    const early = disagreeWithAnswer(patient, await own(), { objection, words: 'No.' });
    await assert.rejects(early, failsWith('ARGUMENT_INVALID'));
    await answerObjection(doctor, await theirs(), { objection, words: REASON });
    const empty = disagreeWithAnswer(patient, await own(), { objection, words: ' ' });
    await assert.rejects(empty, failsWith('ARGUMENT_INVALID'));
    const chart = await theirs();
    const authors = disagreeWithAnswer(doctor, chart, { objection, words: 'No.' });
    await assert.rejects(authors, failsWith('RIGHT_MISSING'));
  });
});

describe('readers of the version before', () => {
  it('are told once, by a letter that shows their own view and nothing else', async () => {
    const { patient, doctor } = care;
    const { amended, reader } = await amendedAfterReading();
    const audit = await examineAudit(lyingTo(network, patient, {}));
    assert.deepEqual([...readersBefore(patient, audit, amended).keys()], [reader.address]);
    const first = await tellReaders(patient, audit, amended);
    assert.deepEqual([first.told, first.untold], [[reader.address], []]);
    await checkInbox(reader);
    const [told, ...more] = await readMistakes(reader);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [told?.topic, told?.about.record, told?.about.version],
      ['correction', amended.record, 1],
    );
    assert.equal(told !== undefined && waitsForAnswer(told), false);
    const again = await tellReaders(
      patient,
      await examineAudit(lyingTo(network, patient, {})),
      amended,
    );
    assert.deepEqual(again.told, []);
    await checkInbox(doctor);
    assert.deepEqual(await readMistakes(doctor), []);
  });

  it('are not those who read the new version alone, were refused, or wrote it', async () => {
    const { patient, doctor, stranger } = care;
    const record = await write();
    await readRecord(doctor, await theirs(), record);
    await assert.rejects(
      readChart(stranger, { handle: care.handle, purpose: 'TREAT' }),
      failsWith('RIGHT_MISSING'),
    );
    const amended = await write(record);
    const right = await grantRight(patient, everything(stranger));
    await checkInbox(stranger);
    await readRecord(stranger, await theirs(stranger, right), amended);
    assert.equal(
      readersBefore(patient, await examineAudit(lyingTo(network, patient, {})), amended).size,
      0,
    );
  });

  it('are still to be told until the patient’s own letter about this version went, or their view was erased', async () => {
    const { patient, doctor } = care;
    const { amended, reader } = await amendedAfterReading();
    const audit = await examineAudit(lyingTo(network, patient, {}));
    const waiting = async (among = audit): Promise<readonly string[]> => [
      ...(await readersToTell(patient, among, amended)).keys(),
    ];
    assert.deepEqual(await waiting(), [reader.address]);
    const parts = audit.parts.map((part) => ({
      ...part,
      entries: part.entries.map(({ body: _body, ...erased }) => erased),
    }));
    assert.deepEqual(await waiting({ ...audit, parts }), []);
    assert.deepEqual((await tellReaders(patient, { ...audit, parts }, amended)).told, []);
    assert.deepEqual((await tellReaders(patient, audit, amended)).told, [reader.address]);
    assert.deepEqual(await waiting(), []);
    const [sent = assert.fail()] = await readMistakes(patient);
    for (const other of [
      { ...sent, unsent: true },
      { ...sent, at: amended.at - 1 },
      { ...sent, by: doctor.address },
      { ...sent, about: { ...sent.about, record: care.handle } },
    ]) {
      const device = { ...patient, device: memoryDevice() };
      await keepMistake(device, other);
      assert.deepEqual([...(await readersToTell(device, audit, amended)).keys()], [reader.address]);
    }
  });

  it('who are told of a view that was not theirs, of the list, or by somebody else than the patient, discard it', async () => {
    const { patient, doctor } = care;
    const { reader } = await amendedAfterReading();
    const audit = await examineAudit(lyingTo(network, patient, {}));
    const events = audit.logs.flatMap((log) => log.events);
    const topic = 'correction';
    const letter = (event: AuditEvent): object => {
      const entry = entryOfEvent(audit, event) ?? assert.fail();
      return { id: bytesToHex(patient.random(32)), entry, words: WORDS, topic, at: BEGIN };
    };
    const viewOf = (what: View['what']): AuditEvent => {
      const found = events.find(({ body }) => {
        if (body === undefined || body.request.party !== reader.address) return false;
        return (body.request.message as View).what === what;
      });
      return found ?? assert.fail(what);
    };
    const [read, list] = [viewOf('record'), viewOf('chart')];
    for (const [from, to, event] of [
      [patient, doctor, read],
      [patient, reader, list],
      [doctor, reader, read],
    ] as const) {
      await sendLetter(from, to.address, { mistake: letter(event) } as never);
      const { mistakes, discarded } = await checkInbox(to);
      assert.deepEqual([mistakes, discarded], [[], 1]);
    }
  });
});
