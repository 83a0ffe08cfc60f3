import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { acknowledgedBy, setOf, submissionOf } from '../../node/test/requests.ts';
import type { PairInSet } from '../../protocol/release/releasedView.ts';
import { entryOfEvent } from '../audit/entryOfEvent.ts';
import { examineAudit } from '../audit/examineAudit.ts';
import { pairOfEvent } from '../audit/pairOfEvent.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import type { InboxNews } from './InboxNews.ts';
import { readMistakes, sharedMistake } from './keptMistakes.ts';
import { sendLetter } from './letters.ts';
import { answerByAmending, answerMistake, reportMistake, sendAnswer } from './mistakes.ts';
import type { Mistake } from './Mistake.ts';

const WORDS = 'I have never had asthma.';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** A record of the doctor on the patient's chart, or its next version. */
async function written(
  amends?: LoggedVersion,
  by: Party = care.doctor,
  right: Pick<Care['right'], 'grant'> = care.right,
): Promise<LoggedVersion> {
  const { handle } = care;
  const own = by === care.patient;
  return await addRecord(by, {
    handle,
    category: 'vitals',
    content: utf8ToBytes(`Asthma. ${amends?.version ?? 0}`),
    purpose: own ? 'PATRQT' : 'TREAT',
    ...(!own && { grant: right.grant }),
    ...(amends && { amends }),
  });
}

/** A random id. */
function anId(): `0x${string}` {
  return bytesToHex(care.patient.random(32));
}

/** Sends the reader a report as it stands, and returns what the reader's inbox takes of it. */
async function told(
  from: Party,
  to: Party,
  entry: Acknowledgement,
  change: Readonly<Record<string, unknown>> = {},
): Promise<InboxNews> {
  const mistake = { id: anId(), entry, words: WORDS, at: BEGIN, ...change };
  await sendLetter(from, to.address, { mistake });
  return await checkInbox(to);
}

/** A report that the doctor has, of a record of the doctor. */
async function reported(): Promise<{ readonly record: LoggedVersion; readonly mistake: Mistake }> {
  const record = await written();
  const mistake = await reportMistake(care.patient, {
    entry: record.acknowledgement,
    words: WORDS,
  });
  await checkInbox(care.doctor);
  return { record, mistake };
}

/** Sends the patient an answer as it stands, and returns what the patient's inbox takes of it. */
async function explained(
  from: Party,
  mistake: Mistake,
  change: Readonly<Record<string, unknown>>,
): Promise<InboxNews> {
  const answer = { mistake: mistake.id, words: 'It is right.', at: BEGIN, ...change };
  await sendLetter(from, care.patient.address, { mistakeAnswer: answer });
  return await checkInbox(care.patient);
}

function nothingTaken({ mistakes, mistakeAnswers, discarded }: InboxNews, count = 1): void {
  assert.deepEqual([mistakes.length, mistakeAnswers.length, discarded], [0, 0, count]);
}

describe('an author discards, and counts, a report of a mistake', () => {
  // @attack a stranger, or another patient, writes to a doctor about a chart | a report counts with an entry of its reader, from who controls the chart
  it('by somebody who is not the patient of the chart', async () => {
    const { doctor, stranger } = care;
    const { acknowledgement } = await written();
    const other = await network.party('patient');
    for (const from of [stranger, other]) {
      nothingTaken(await told(from, doctor, acknowledgement));
    }
    assert.deepEqual(await readMistakes(doctor), []);
  });

  // @attack a patient writes to a doctor who never touched the chart | the entry in a report must be the reader's own
  it('about a record that another wrote, or a chart that the author never touched', async () => {
    const { patient, doctor, stranger } = care;
    const { acknowledgement } = await written();
    nothingTaken(await told(patient, stranger, acknowledgement));
    const own = await written(undefined, patient);
    nothingTaken(await told(patient, doctor, own.acknowledgement));
  });

  it('that wishes another kind of record than of medicines prescribed again, or has an unknown topic', async () => {
    const { patient, doctor } = care;
    const { acknowledgement } = await written();
    for (const topic of ['renewal', 'complaint', '']) {
      nothingTaken(await told(patient, doctor, acknowledgement, { topic }));
    }
  });

  it('on the chart of another patient, whom the sender names instead', async () => {
    const { doctor } = care;
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    await grantRight(other, everything(doctor));
    await checkInbox(doctor);
    const { acknowledgement } = await written();
    nothingTaken(await told(other, doctor, acknowledgement));
  });

  // @attack a report names another version, or an entry that was altered | the verified entry alone says what is meant
  it('whose entry was altered, is of another network, or is not of the form of an entry', async () => {
    const { patient, doctor } = care;
    const { acknowledgement } = await written();
    const body = acknowledgement.body.replace('"version":1', '"version":2');
    assert.notEqual(body, acknowledgement.body);
    const forged = [
      { ...acknowledgement, body },
      { ...acknowledgement, verdicts: acknowledgement.verdicts.slice(0, 1) },
      { ...acknowledgement, entry: anId() },
      { ...acknowledgement, told: 'more' },
      'no entry',
      null,
    ];
    for (const entry of forged) nothingTaken(await told(patient, doctor, entry as Acknowledgement));
  });

  it('without words, with too many, with half characters, or from the future', async () => {
    const { patient, doctor } = care;
    const { acknowledgement } = await written();
    const changes = [
      { words: ' \n ' },
      { words: 'x'.repeat(10_000) },
      { words: 7 },
      { at: BEGIN + 3600 },
      { at: -1 },
      { id: 'an id' },
      { more: true },
    ];
    for (const change of changes) {
      nothingTaken(await told(patient, doctor, acknowledgement, change));
    }
    assert.deepEqual(await readMistakes(doctor), []);
  });

  it('that takes the id of another report', async () => {
    const { patient, doctor } = care;
    const { record, mistake } = await reported();
    const { id } = mistake;
    const change = { id, words: 'Something else.' };
    nothingTaken(await told(patient, doctor, record.acknowledgement, change));
    const [known] = await readMistakes(doctor);
    assert.equal(known?.words, WORDS);
  });

  // @attack a patient fills an author's list with reports | 3 about a record and 16 on a chart wait for an answer
  it('beyond 3 about a record and 16 about a chart that wait for an answer', async () => {
    const { patient, doctor } = care;
    const { acknowledgement } = await written();
    for (const words of ['1', '2', '3']) {
      const news = await told(patient, doctor, acknowledgement, { words });
      assert.equal(news.mistakes.length, 1);
    }
    nothingTaken(await told(patient, doctor, acknowledgement, { words: '4' }));
    for (let more = 3; more < 16; more += 1) {
      const news = await told(patient, doctor, (await written()).acknowledgement);
      assert.equal(news.mistakes.length, 1);
    }
    nothingTaken(await told(patient, doctor, (await written()).acknowledgement));
    const [first] = await readMistakes(doctor);
    await answerMistake(doctor, { id: first?.id ?? assert.fail(), words: 'It is right.' });
    assert.equal((await told(patient, doctor, acknowledgement)).mistakes.length, 1);
  });
});

describe('a patient discards, and counts, an answer', () => {
  // @attack somebody answers a report in the author's place | only the party that was told is heard
  it('by anybody but the author who was told, and to a report that nobody made', async () => {
    const { doctor, stranger } = care;
    const { mistake } = await reported();
    nothingTaken(await explained(stranger, mistake, {}));
    const unheard = await explained(doctor, mistake, { mistake: anId() });
    assert.deepEqual([unheard.mistakeAnswers, unheard.discarded], [[], 0]);
    assert.equal((await readMistakes(care.patient))[0]?.answer, undefined);
  });

  it('whose words are missing, too long or from the future', async () => {
    const { doctor } = care;
    const { mistake } = await reported();
    for (const change of [{ words: '' }, { words: 'x'.repeat(10_000) }, { at: BEGIN + 3600 }]) {
      nothingTaken(await explained(doctor, mistake, change));
    }
  });

  // @attack an author says "amended" by another record, or by another's amendment | the answer shows an accepted later version of that record, by the author
  it('whose entry does not amend that record by its author', async () => {
    const { patient, doctor, stranger } = care;
    const { record, mistake } = await reported();
    const another = await written(await written());
    const right = await grantRight(patient, everything(stranger));
    const others = await written(record, stranger, right);
    for (const { acknowledgement: entry } of [record, another, others]) {
      nothingTaken(await explained(doctor, mistake, { entry }));
    }
    assert.equal((await readMistakes(patient))[0]?.answer, undefined);
    await assert.rejects(
      answerMistake(doctor, { id: mistake.id, entry: another.acknowledgement }),
      failsWith('ARGUMENT_INVALID'),
    );
  });
});

describe('a device refuses to send', () => {
  it('the wish that something else than a medicine is prescribed again', async () => {
    const { patient } = care;
    const { acknowledgement: entry } = await written();
    await assert.rejects(
      reportMistake(patient, { entry, words: WORDS, topic: 'renewal' }),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('a report of the patient’s own entry, of another chart, or with words that nobody would take', async () => {
    const { patient, doctor } = care;
    const own = await written(undefined, patient);
    const { acknowledgement: entry } = await written();
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    const wrong = [
      [patient, own.acknowledgement, WORDS],
      [other, entry, WORDS],
      [patient, entry, ''],
      [patient, entry, 'x'.repeat(2001)],
      [patient, entry, 'half \ud83d'],
    ] as const;
    for (const [party, about, words] of wrong) {
      await assert.rejects(
        reportMistake(party, { entry: about, words }),
        failsWith('ARGUMENT_INVALID'),
      );
    }
    await assert.rejects(reportMistake(doctor, { entry, words: WORDS }), failsWith('NOT_FOUND'));
    const forged = { ...entry, body: entry.body.replace('vitals', 'billing') };
    await assert.rejects(
      reportMistake(patient, { entry: forged, words: WORDS }),
      failsWith('EVIDENCE_INVALID'),
    );
    assert.deepEqual(await readMistakes(patient), []);
  });

  it('a fourth report about a record that waits, and an answer to a report that it does not know', async () => {
    const { patient, doctor } = care;
    const { acknowledgement: entry } = await written();
    for (const words of ['1', '2', '3']) await reportMistake(patient, { entry, words });
    await assert.rejects(reportMistake(patient, { entry, words: '4' }), failsWith('QUOTA_SPENT'));
    const { id } = (await readMistakes(patient))[0] ?? assert.fail();
    const words = 'It is right.';
    await assert.rejects(answerMistake(patient, { id, words }), failsWith('NOT_FOUND'));
    await assert.rejects(answerMistake(doctor, { id, words }), failsWith('NOT_FOUND'));
  });
});

describe('a report of a mistake', () => {
  it('goes from the patient to the author, and the answer in words comes back', async () => {
    const { patient, doctor } = care;
    const { record, mistake } = await reported();
    const [told] = await readMistakes(doctor);
    assert.deepEqual([told?.by, told?.words], [patient.address, WORDS]);
    assert.deepEqual([told?.about.record, told?.about.version], [record.record, 1]);
    await answerMistake(doctor, { id: mistake.id, words: 'The laboratory confirmed it.' });
    const { mistakeAnswers } = await checkInbox(patient);
    assert.equal(mistakeAnswers[0]?.answer?.words, 'The laboratory confirmed it.');
  });

  it('is answered by the version that amends the record, also after words', async () => {
    const { patient, doctor, handle } = care;
    const { record, mistake } = await reported();
    const amended = await written(record);
    assert.equal((await answerByAmending(doctor, handle, amended)).length, 1);
    assert.deepEqual(await answerByAmending(doctor, handle, amended), [], 'it is answered');
    await checkInbox(patient);
    assert.equal((await readMistakes(patient))[0]?.answer?.version, 2);
    network.clock.advance(1000);
    await answerMistake(doctor, { id: mistake.id, words: 'Corrected, thank you.' });
    await checkInbox(patient);
    const [known] = await readMistakes(patient);
    assert.deepEqual([known?.answer?.version, known?.answer?.words], [2, 'Corrected, thank you.']);
  });

  it('stays a question on both devices, is another one than a report with the same words, and no amendment answers it', async () => {
    const { patient, doctor, handle } = care;
    const version = await written();
    const { acknowledgement: entry } = version;
    const wrong = await reportMistake(patient, { entry, words: WORDS });
    const asked = await reportMistake(patient, { entry, words: WORDS, topic: 'question' });
    const again = await reportMistake(patient, { entry, words: WORDS, topic: 'question' });
    assert.deepEqual([asked.id === wrong.id, asked.id], [false, again.id]);
    await checkInbox(doctor);
    for (const party of [doctor, patient]) {
      const topics = (await readMistakes(party)).map(({ id, topic }) => [id === asked.id, topic]);
      assert.deepEqual(
        new Map(topics as [boolean, unknown][]),
        new Map([
          [true, 'question'],
          [false, undefined],
        ]),
      );
    }
    assert.equal(sharedMistake(asked).topic, 'question');
    const amended = await written(version);
    const answered = await answerByAmending(doctor, handle, amended);
    assert.deepEqual(
      answered.map(({ id }) => id),
      [wrong.id],
    );
  });

  it('can be about a view, and reaches an author whose right has ended', async () => {
    const { patient, doctor, handle, right } = care;
    const view = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    await revokeRight(patient, right.digest);
    await reportMistake(patient, {
      entry: view.acknowledgement,
      words: 'You had no reason to look.',
    });
    const [told] = (await checkInbox(doctor)).mistakes;
    assert.deepEqual([told?.about.act, told?.about.accepted], ['chart', true]);
    await assert.rejects(
      answerMistake(doctor, {
        id: told?.id ?? assert.fail(),
        entry: view.acknowledgement,
      }),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('is the same report when it is sent again, and the author sees that the answer did not come', async () => {
    const { patient, doctor } = care;
    const { record, mistake } = await reported();
    const again = await reportMistake(patient, { entry: record.acknowledgement, words: WORDS });
    assert.equal(again.id, mistake.id);
    await checkInbox(doctor);
    assert.equal((await readMistakes(doctor)).length, 1);
    await answerMistake(doctor, { id: mistake.id, words: 'It is right.' });
    await reportMistake(patient, { entry: record.acknowledgement, words: WORDS });
    await checkInbox(doctor);
    const [open = assert.fail()] = await readMistakes(doctor);
    assert.equal(open.unsent, true);
    await sendAnswer(doctor, open);
    const news = await checkInbox(patient);
    assert.equal(news.discarded, 0);
    assert.equal((await readMistakes(doctor))[0]?.unsent, false);
    assert.equal((await readMistakes(patient))[0]?.answer?.words, 'It is right.');
  });

  it('is known on the other devices of both, with its answer, whichever device takes the letters', async () => {
    const { patient, doctor } = care;
    const { mistake } = await reported();
    await checkInbox(patient);
    const second = await furtherDevice(network, doctor);
    await checkInbox(second);
    assert.equal((await readMistakes(second))[0]?.words, WORDS);
    await answerMistake(second, { id: mistake.id, words: 'It is right.' });
    await checkInbox(second);
    await checkInbox(doctor);
    assert.equal((await readMistakes(doctor))[0]?.answer?.words, 'It is right.');
  });
});

describe('a report about one record of a view of several', () => {
  it('names the record and its version, and is another report than about the next one', async () => {
    const { patient, doctor } = care;
    const { view, parts } = await viewed();
    const [one, two] = parts;
    assert.ok(one && two);
    const report = async (pair: PairInSet): Promise<Mistake> =>
      await reportMistake(patient, { entry: view, pair, words: WORDS });
    const first = await report(one);
    assert.equal((await report(one)).id, first.id);
    assert.notEqual((await report(two)).id, first.id);
    const { mistakes } = await checkInbox(doctor);
    const seen = mistakes.map(({ about: { act, record, version, accepted } }) => {
      return { act, record, version, accepted };
    });
    for (const { record, version } of [one, two]) {
      assert.ok(
        seen.some((each) => each.record === record && each.version === version),
        record,
      );
    }
    assert.ok(seen.every(({ act, accepted }) => act === 'record' && accepted));
    const whole = await reportMistake(patient, { entry: view, words: WORDS });
    const { act, record, count } = whole.about;
    assert.deepEqual([act, record, count], ['records', undefined, 2]);
  });

  // @attack a patient writes to a doctor of a record that the doctor's view does not name | the report proves that the view names it
  it('is discarded if the view does not name it', async () => {
    const { patient, doctor } = care;
    const { view, parts } = await viewed();
    const [one] = parts;
    assert.ok(one);
    for (const pair of [
      { ...one, version: 2 },
      { ...one, record: anId() },
      { ...one, nth: one.nth + 1 },
      { ...one, proof: [] },
    ]) {
      nothingTaken(await told(patient, doctor, view, { pair }));
      await assert.rejects(
        reportMistake(patient, { entry: view, pair, words: WORDS }),
        failsWith('EVIDENCE_INVALID'),
      );
    }
    const { acknowledgement } = await written();
    nothingTaken(await told(patient, doctor, acknowledgement, { pair: one }));
  });
});

/** A view of two records by the doctor, as the patient's audit shows it. */
async function viewed(): Promise<{
  readonly view: Acknowledgement;
  readonly parts: readonly PairInSet[];
}> {
  const { doctor, patient } = care;
  const versions = [await written(), await written()];
  const { set, pairs } = setOf(care, versions);
  await acknowledgedBy(doctor, { ...submissionOf(care, 'ViewSet', set), pairs });
  const audit = await examineAudit(lyingTo(network, patient, {}));
  const events = audit.logs.flatMap((log) => log.events);
  const event = events.find(({ body }) => body?.request.type === 'ViewSet') ?? assert.fail();
  const view = entryOfEvent(audit, event) ?? assert.fail();
  const parts = versions.flatMap((each) => pairOfEvent(patient.primitives, event, each) ?? []);
  assert.equal(parts.length, 2);
  return { view, parts };
}
