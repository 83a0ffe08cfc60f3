import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { DEFAULT_LONGEST_RIGHT } from '../../protocol/network/longestRightOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { moveParty } from '../care/inbox/moveParty.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { changeKey } from '../party/changeKey.ts';
import { knownRights } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { endRight } from '../rights/endRight.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { handOver } from './accessRequests.ts';
import type { InboxNews } from './InboxNews.ts';
import { readMistakes } from './keptMistakes.ts';
import { sendLetter } from './letters.ts';
import type { Mistake } from './Mistake.ts';
import { answerMistake, sendAnswer } from './mistakes.ts';
import { askAboutRight, extendRight } from './rightReports.ts';

const WORDS = 'The wound needs another month.';
const DAY = 86_400;
/** The right of the doctor ends at `BEGIN + 3600`. */
const LATER = BEGIN + 30 * DAY;

let network: TestNetwork;
let care: Care;
let right: Bytes32;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  right = care.right.digest;
  await handOver(care.patient, care.right);
  await checkInbox(care.doctor);
});
afterEach(async () => await network.close());

/** A wish of the doctor that the patient has. */
async function wished(until = LATER): Promise<Mistake> {
  const wish = await askAboutRight(care.doctor, { right, words: WORDS, until });
  assert.equal((await checkInbox(care.patient)).mistakes.length, 1);
  return wish;
}

/** Sends a message about a right as it stands, and returns what the reader's inbox takes of it. */
async function told(
  from: Party,
  to: Party,
  change: Readonly<Record<string, unknown>> = {},
): Promise<InboxNews> {
  const id = bytesToHex(from.random(32));
  const asked = { id, right, words: WORDS, topic: 'extension', until: LATER, at: BEGIN } as const;
  await sendLetter(from, to.address, { mistake: { ...asked, ...change } });
  return await checkInbox(to);
}

async function assertNotTaken(news: Promise<InboxNews>, discarded = 1): Promise<void> {
  const { mistakes, mistakeAnswers, rights, ...rest } = await news;
  assert.deepEqual([mistakes, mistakeAnswers, rights, rest.discarded], [[], [], [], discarded]);
}

async function holding(): Promise<number> {
  return (await listGrants(care.patient)).filter(({ state }) => state === 'holds').length;
}

describe('the wish that a right is extended', () => {
  it('reaches the patient, who extends it with one call: the right, and the answer that names it, come back', async () => {
    const { patient, doctor } = care;
    const wish = await wished();
    const [known] = await readMistakes(patient);
    assert.deepEqual([known?.words, known?.topic, known?.until], [WORDS, 'extension', LATER]);
    assert.deepEqual([known?.about.act, known?.about.until], ['right', BEGIN + 3600]);
    await extendRight(patient, { id: wish.id });
    const { rights, mistakeAnswers } = await checkInbox(doctor);
    assert.deepEqual(
      rights.map(({ terms }) => [terms.until, terms.categories.length]),
      [[LATER, care.right.grant.terms.categories.length]],
    );
    const { grant } = mistakeAnswers[0]?.answer ?? assert.fail();
    assert.ok((await knownRights(doctor)).some(({ digest }) => digest === grant));
  });

  it('is extended until another end, and with words, if the patient wants that', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    await extendRight(patient, { id, until: BEGIN + 7 * DAY, words: 'A week is enough.' });
    const { rights, mistakeAnswers } = await checkInbox(doctor);
    assert.equal(rights[0]?.terms.until, BEGIN + 7 * DAY);
    assert.equal(mistakeAnswers[0]?.answer?.words, 'A week is enough.');
  });

  it('is declined with words, and gives nothing then', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    await answerMistake(patient, { id, words: 'The wound has healed.' });
    const { rights, mistakeAnswers } = await checkInbox(doctor);
    assert.deepEqual(rights, []);
    assert.equal(mistakeAnswers[0]?.answer?.words, 'The wound has healed.');
    assert.equal(await holding(), 1);
  });

  it('is the same wish if it is sent again, and reaches the patient’s other device', async () => {
    const { patient, doctor } = care;
    const first = await wished();
    const again = await askAboutRight(doctor, { right, words: WORDS, until: LATER });
    assert.equal(again.id, first.id);
    await checkInbox(patient);
    assert.equal((await readMistakes(patient)).length, 1);
    const other = await furtherDevice(network, patient);
    await checkInbox(other);
    const [noted] = await readMistakes(other);
    assert.deepEqual([noted?.id, noted?.until], [first.id, LATER]);
  });

  // @attack a party asks in the place of another grantee, or about the chart of another patient | only the grantee of that right is heard, by the patient who gave it
  it('is discarded by a patient from anybody but its grantee, and about the right of another patient', async () => {
    const { patient, doctor, stranger } = care;
    await assertNotTaken(told(stranger, patient));
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    const theirs = await grantRight(other, everything(doctor));
    await assertNotTaken(told(doctor, patient, { right: theirs.digest }));
    await assertNotTaken(told(doctor, other));
    await assertNotTaken(told(doctor, patient, { right: bytesToHex(doctor.random(32)) }), 0);
    assert.deepEqual(await readMistakes(patient), []);
  });

  it('is discarded without an end, with one that extends nothing, has passed, or is longer than the network allows', async () => {
    const { patient, doctor } = care;
    for (const until of [
      undefined,
      BEGIN - 1,
      BEGIN + 3600,
      BEGIN + 3630,
      BEGIN + DEFAULT_LONGEST_RIGHT + 10,
      2 ** 60,
      1.5,
    ]) {
      await assertNotTaken(told(doctor, patient, { until }));
    }
    for (const change of [
      { topic: undefined },
      { topic: 'renewal' },
      { topic: 'question' },
      { words: ' ' },
      { words: 'x'.repeat(10_000) },
      { at: BEGIN + 3600 },
      { right: 'a right' },
      { pair: { record: right, version: 1, nth: 0, proof: [] } },
    ]) {
      await assertNotTaken(told(doctor, patient, change));
    }
  });

  it('is refused before it is sent where nobody could grant it, or nobody would take it', async () => {
    const { patient, doctor, stranger } = care;
    const wrong = [
      [doctor, { until: BEGIN + DEFAULT_LONGEST_RIGHT + 10 }, 'RIGHT_INVALID'],
      [doctor, { until: BEGIN - 1 }, 'RIGHT_INVALID'],
      [doctor, { until: BEGIN + 3600 }, 'ARGUMENT_INVALID'],
      [doctor, { until: undefined }, 'ARGUMENT_INVALID'],
      [doctor, { words: '' }, 'ARGUMENT_INVALID'],
      [doctor, { words: 'x'.repeat(2001) }, 'ARGUMENT_INVALID'],
      [doctor, { right: bytesToHex(doctor.random(32)) }, 'NOT_FOUND'],
      [stranger, {}, 'NOT_FOUND'],
      [patient, {}, 'ARGUMENT_INVALID'],
    ] as const;
    for (const [party, change, code] of wrong) {
      const asking = askAboutRight(party, { right, words: WORDS, until: LATER, ...change });
      await assert.rejects(asking, failsWith(code));
    }
    assert.deepEqual(await readMistakes(doctor), []);
  });

  it('is heard for 30 days after the right lapsed, and refused on both sides after that, or once the patient ended it', async () => {
    const { patient, doctor } = care;
    network.clock.advance(29 * DAY * 1000);
    const lapsed = await askAboutRight(doctor, { right, words: WORDS, until: BEGIN + 60 * DAY });
    assert.equal((await checkInbox(patient)).mistakes[0]?.id, lapsed.id);
    network.clock.advance(2 * DAY * 1000);
    const until = BEGIN + 61 * DAY;
    const asking = askAboutRight(doctor, { right, words: WORDS, until });
    await assert.rejects(asking, failsWith('RIGHT_ENDED'));
    await assertNotTaken(told(doctor, patient, { until }));
    await assert.rejects(extendRight(patient, { id: lapsed.id }), failsWith('RIGHT_ENDED'));
  });

  it('does not bring back a right that the patient ended', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    await endRight(patient, right);
    await assert.rejects(extendRight(patient, { id }), failsWith('RIGHT_ENDED'));
    const asking = askAboutRight(doctor, { right, words: 'Again.', until: LATER });
    await assert.rejects(asking, failsWith('RIGHT_ENDED'));
    await assertNotTaken(told(doctor, patient));
    await answerMistake(patient, { id, words: 'I ended it.' });
    assert.equal((await checkInbox(doctor)).mistakeAnswers[0]?.answer?.words, 'I ended it.');
  });

  // @attack a grantee fills the patient's list | 3 about a right and 16 of one asker wait, and none of them closes the patient to another asker
  it('waits 3 times about one right, and 16 times of one grantee, and others are heard meanwhile', async () => {
    const { patient, doctor, stranger } = care;
    for (const words of ['1', '2', '3']) await told(doctor, patient, { words });
    await assertNotTaken(told(doctor, patient, { words: '4' }));
    const asking = async (words: string): Promise<Mistake> =>
      await askAboutRight(doctor, { right, words, until: LATER });
    for (const words of ['1', '2', '3']) await asking(words);
    await assert.rejects(asking('4'), failsWith('QUOTA_SPENT'));
    for (let count = 3; count < 16; count += 1) {
      const more = await grantRight(patient, {
        ...everything(doctor),
        until: BEGIN + 4000 + count,
      });
      assert.equal((await told(doctor, patient, { right: more.digest })).mistakes.length, 1);
    }
    const last = await grantRight(patient, { ...everything(doctor), until: BEGIN + 5000 });
    await assertNotTaken(told(doctor, patient, { right: last.digest }));
    const { digest } = await grantRight(patient, everything(stranger));
    assert.equal((await told(stranger, patient, { right: digest })).mistakes.length, 1);
  });

  // @attack a letter of before is sent once more, or under another's name | it is the message that it was, and gives nothing again
  it('is taken once from a letter that comes again, and under no other words, end or sender', async () => {
    const { patient, doctor, stranger } = care;
    const { id } = await wished();
    assert.equal((await told(doctor, patient, { id })).mistakes.length, 1);
    await assertNotTaken(told(doctor, patient, { id, words: 'Something else.' }));
    await assertNotTaken(told(doctor, patient, { id, until: LATER + DAY }));
    await assertNotTaken(told(stranger, patient, { id }));
    assert.equal((await readMistakes(patient)).length, 1);
    await extendRight(patient, { id });
    const [replayed] = (await told(doctor, patient, { id })).mistakes;
    assert.deepEqual([replayed?.unsent, await holding()], [true, 2]);
  });
});

describe('the answer to the wish that a right is extended', () => {
  it('is a right that was renewed meanwhile, and none is given twice, also if the answer is lost', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    const renewed = await grantRight(patient, { ...everything(doctor), until: LATER + DAY });
    assert.equal((await extendRight(patient, { id })).answer?.grant, renewed.digest);
    assert.equal((await extendRight(patient, { id })).answer?.grant, renewed.digest);
    assert.equal(await holding(), 2);
    const [answered = assert.fail()] = await readMistakes(patient);
    await sendAnswer(patient, answered);
    await checkInbox(doctor);
    assert.equal((await readMistakes(doctor))[0]?.answer?.grant, renewed.digest);
  });

  it('is a new right if the one of meanwhile ends earlier, or gives something else', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    await grantRight(patient, { ...everything(doctor), until: BEGIN + 2 * DAY });
    await grantRight(patient, { ...everything(doctor), actions: ['read'], until: LATER + DAY });
    await extendRight(patient, { id });
    const { rights } = await checkInbox(doctor);
    assert.ok(rights.some(({ terms }) => terms.until === LATER && terms.amend));
    assert.equal(await holding(), 4);
  });

  it('is discarded from anybody but the patient, and with a right that the ledger does not have or that is of another chart', async () => {
    const { patient, doctor, stranger } = care;
    const wish = await askAboutRight(doctor, { right, words: WORDS, until: LATER });
    const answer = { mistake: wish.id, words: '', at: BEGIN };
    const answered = async (
      from: Party,
      change: Readonly<Record<string, unknown>>,
    ): Promise<InboxNews> => {
      await sendLetter(from, doctor.address, { mistakeAnswer: { ...answer, ...change } });
      return await checkInbox(doctor);
    };
    await assertNotTaken(answered(stranger, { words: 'Yes.' }));
    await assertNotTaken(answered(patient, {}));
    await assertNotTaken(answered(patient, { grant: 'a right' }));
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    const theirs = await grantRight(other, everything(doctor));
    await handOver(other, theirs);
    await checkInbox(doctor);
    await assertNotTaken(answered(patient, { grant: theirs.digest }));
    // The ledger may have it later: it waits, and answers nothing yet.
    await assertNotTaken(answered(patient, { grant: bytesToHex(doctor.random(32)) }), 0);
    assert.equal((await readMistakes(doctor))[0]?.answer, undefined);
  });

  it('is not sent to a key that the patient did not compare, nor to somebody who was suspended', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    await changeKey(doctor, patient.random(32));
    await assert.rejects(extendRight(patient, { id }), failsWith('RECIPIENT_CHANGED'));
    assert.equal(await holding(), 1);
    const leaver = await network.party('doctor');
    const given = await grantRight(patient, everything(leaver));
    await handOver(patient, given);
    await checkInbox(leaver);
    const wish = await askAboutRight(leaver, { right: given.digest, words: WORDS, until: LATER });
    await checkInbox(patient);
    await suspend(network, leaver, 1);
    await assert.rejects(extendRight(patient, { id: wish.id }), failsWith('PARTY_SUSPENDED'));
  });

  it('comes from a patient who moved to another organisation, or took another key, since', async () => {
    const { patient, doctor } = care;
    const { id } = await wished();
    const moved = await network.party('patient', {
      organisation: 'insurer',
      device: patient.device,
      seed: patient.keys.seed(),
      enrolled: false,
    });
    await moveParty(moved);
    await extendRight(moved, { id });
    const first = await checkInbox(doctor);
    assert.deepEqual([first.rights.length, first.mistakeAnswers.length], [1, 1]);
    const until = LATER + 30 * DAY;
    const wish = await askAboutRight(doctor, { right, words: 'Once more.', until });
    const { party: renewed } = await changeKey(moved, patient.random(32));
    await checkInbox(renewed);
    await extendRight(renewed, { id: wish.id });
    const second = await checkInbox(doctor);
    assert.deepEqual([second.rights.length, second.mistakeAnswers.length], [1, 1]);
  });
});

describe('a question about a right', () => {
  it('goes from the patient to the grantee, whose words come back', async () => {
    const { patient, doctor } = care;
    const question = await askAboutRight(patient, { right, words: 'Why do you need this?' });
    const { mistakes } = await checkInbox(doctor);
    assert.deepEqual([mistakes[0]?.topic, mistakes[0]?.about.act], ['question', 'right']);
    await answerMistake(doctor, { id: question.id, words: 'To follow the wound.' });
    const { mistakeAnswers } = await checkInbox(patient);
    assert.equal(mistakeAnswers[0]?.answer?.words, 'To follow the wound.');
    await assert.rejects(extendRight(doctor, { id: question.id }), failsWith('NOT_FOUND'));
  });

  it('is discarded from anybody but the patient, with an end, and by somebody whose right it is not', async () => {
    const { patient, doctor, stranger } = care;
    const question = { topic: 'question', until: undefined };
    await assertNotTaken(told(stranger, doctor, question));
    await assertNotTaken(told(patient, doctor, { topic: 'question' }));
    await assertNotTaken(told(patient, stranger, question), 0);
    await assertNotTaken(told(patient, doctor, { topic: 'extension' }));
    assert.deepEqual(await readMistakes(doctor), []);
  });

  it('names no end, and is about a right on their own chart', async () => {
    const { patient } = care;
    const asked = { right, words: 'Why?' };
    const ending = askAboutRight(patient, { ...asked, until: LATER });
    await assert.rejects(ending, failsWith('ARGUMENT_INVALID'));
    const other = await network.party('patient');
    await commitEpochs(other, 3);
    await assert.rejects(askAboutRight(other, asked), failsWith('NOT_FOUND'));
  });
});
