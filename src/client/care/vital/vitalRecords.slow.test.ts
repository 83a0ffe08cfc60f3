import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { encodeRequests } from '../../../bindings/encodeRequests.ts';
import { judgedBody, viewOf } from '../../../node/test/requests.ts';
import { suspend } from '../../../node/test/suspend.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { signatory, word } from '../../../protocol/test/sampleNetwork.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import type { JudgedBody } from '../../../services/ports.ts';
import type { Will } from '../../../protocol/care/vitalRecords.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { VitalAsked } from '../../../protocol/AgentPort.ts';
import { ZERO32, type Bytes32, type Handle } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { readPatientState } from '../../state/PatientState.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { sendLetter } from '../../letters/letters.ts';
import { changeKey } from '../../party/changeKey.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readChart } from '../../records/readChart.ts';
import { readRecord } from '../../records/readRecord.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { handOverWill } from './handOverWill.ts';
import { willFor } from './keptWills.ts';
import { readWill } from './readWill.ts';
import { readBirth } from './readBirth.ts';
import { permitBirthLink } from './permitBirthLink.ts';
import { confirmVital } from './confirmVital.ts';
import { objectToVital } from './objectToVital.ts';
import { vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';
import { registerBirth } from './registerBirth.ts';
import { reportDeath } from './reportDeath.ts';
import { setWill } from './setWill.ts';
import { signUndoing, undoVital } from './undoVital.ts';

const content = word('certificate');
let network: TestNetwork;
let care: Care;
/** Of the laboratory; the doctor is of the hospital. */
let registrar: Party;
before(async () => {
  network = await startTestNetwork({ cared: true, further: ['vitalRecords'] });
  care = await startCare(network);
  registrar = await network.party('registrar', { organisation: 'laboratory' });
});
after(async () => await network.close());

const note = (text: string): Parameters<typeof addRecord>[1] => {
  const { handle, right } = care;
  const terms = { category: 'reports', purpose: 'TREAT', grant: right.grant } as const;
  return { handle, content: utf8ToBytes(text), ...terms };
};
const at = (): number => vitalDeadline(registrar, -3600);

describe('a birth', () => {
  // @actor one registrar alone | reports a false birth of anybody, to make it stand for good
  it('that one registrar alone reports of anybody has no effect, is told to its holder, and ends with a word of theirs', async () => {
    const { doctor, patient, handle } = care;
    const { birth, digest } = await registerBirth(registrar, { handle, content });
    const alone = confirmVital(registrar, { birth });
    await assert.rejects(alone, failsWith('RULE_REFUSED', { reason: 'OrganisationsAlike' }));
    const { birth: told } = await readLife(patient, handle);
    const { address: reporter } = registrar;
    assert.partialDeepStrictEqual(told, { stage: 'reported', report: digest, reporter });
    for (const other of [doctor, registrar]) {
      const objecting = objectToVital(other, { handle, what: 'birth' });
      await assert.rejects(objecting, failsWith('RIGHT_MISSING'));
    }
    await objectToVital(patient, { handle, what: 'birth' });
    assert.deepEqual((await readLife(patient, handle)).birth, { stage: 'none', step: 2 });
    await assert.rejects(confirmVital(doctor, { birth }), failsWith('NOT_FOUND'));
  });

  it('is reported once, by a registrar, and registered once another organisation has seen the report and confirmed it', async () => {
    const { doctor } = care;
    const child = await network.party('patient');
    const { handle } = await readPatientState(child);
    const { digest, birth } = await registerBirth(registrar, { handle, content });
    const again = registerBirth(registrar, { handle, content });
    await assert.rejects(again, failsWith('RULE_REFUSED', { reason: 'ReportKnown' }));
    const other = { ...birth, terms: { ...birth.terms, content: word('another') } };
    await assert.rejects(confirmVital(doctor, { birth: other }), failsWith('NOT_FOUND'));
    await confirmVital(doctor, { birth });
    const { birth: told } = await readLife(child, handle);
    assert.partialDeepStrictEqual(told, { stage: 'confirmed', report: digest });
    const late = registerBirth(registrar, { handle, content });
    await assert.rejects(late, failsWith('RULE_REFUSED', { reason: 'ReportKnown' }));
  });

  it('that two organisations confirmed by mistake is undone by two', async () => {
    const { doctor } = care;
    const child = await network.party('patient');
    const { handle } = await readPatientState(child);
    const { birth } = await registerBirth(registrar, { handle, content });
    await confirmVital(doctor, { birth });
    const why = { what: 'birth', handle, content, reason: 'another child', within: 60 } as const;
    const signed = await signUndoing(doctor, { ...why, second: registrar.address });
    const { address: second } = doctor;
    const death = await signUndoing(registrar, { ...why, second }).then(({ message }) => message);
    const asDeath = sign(registrar, registrar, 'UndoVital', { ...death, what: 'death' });
    const forged = undoVital(doctor, asDeath);
    await assert.rejects(forged, failsWith('RULE_REFUSED', { reason: 'ReportUnknown' }));
    await undoVital(registrar, signed);
    assert.deepEqual((await readLife(child, handle)).birth, { stage: 'none', step: 3 });
    await registerBirth(registrar, { handle, content });
  });

  it('is reported by nobody else', async () => {
    const { doctor, patient, handle } = care;
    for (const party of [doctor, patient]) {
      const born = registerBirth(party, { handle, content });
      await assert.rejects(born, failsWith('RULE_REFUSED', { reason: 'RoleUnfit' }));
    }
  });
});

describe('a death recorded for the living', () => {
  // @attack a death recorded for the living, by one party or one organisation | no effect without another organisation, one of the two a registrar
  it('has no effect while one party alone says so, and the patient ends it', async () => {
    const { doctor, patient, stranger, handle } = care;
    const { death } = await reportDeath(doctor, { handle, content, at: at() });
    for (const same of [doctor, stranger]) {
      const alone = confirmVital(same, { death });
      await assert.rejects(alone, failsWith('RULE_REFUSED', { reason: 'OrganisationsAlike' }));
    }
    await addRecord(doctor, note('she is well'));
    await objectToVital(patient, { handle, what: 'death' });
    const { stage, report } = (await readLife(patient, handle)).death;
    assert.deepEqual([stage, report], ['none', undefined]);
    const late = confirmVital(registrar, { death });
    await assert.rejects(late, failsWith('NOT_FOUND'));
  });

  // @attack a death recorded for the living, by two organisations | the patient's key undoes it until the delay has passed
  it('is undone by the patient though two organisations confirmed it, and every right is as before', async () => {
    const { doctor, patient, handle, right } = care;
    const reading = { handle, grant: right.grant, purpose: 'TREAT' } as const;
    const { length } = (await readChart(doctor, reading)).records;
    const { death } = await reportDeath(doctor, { handle, content, at: at() });
    await confirmVital(registrar, { death });
    await assert.rejects(addRecord(doctor, note('?')), failsWith('CHART_FROZEN'));
    await assert.rejects(readChart(doctor, reading), failsWith('RIGHT_ENDED'));
    await objectToVital(patient, { handle, what: 'death' });
    assert.equal((await readChart(doctor, reading)).records.length, length);
    await addRecord(doctor, note('she is well again'));
    assert.equal((await readChart(doctor, reading)).records.length, length + 1);
  });

  it('is refused by the agent from anybody whom it does not name, and costs no transaction', async () => {
    const { doctor, stranger, patient, handle } = care;
    const { step } = (await readLife(doctor, handle)).death;
    const terms = { record: word('0'), content, at: at(), salt: `0x${'5a'.repeat(16)}` } as const;
    const death = {
      terms,
      reporter: doctor.address,
      handle,
      step: step + 1,
      deadline: vitalDeadline(doctor),
    };
    const signed = sign(doctor, doctor, 'Death', death);
    const block = network.services().index.block;
    for (const [request, code] of [
      [sign(stranger, stranger, 'Death', death), 'RIGHT_MISSING'],
      [
        { ...signed, signature: sign(doctor, stranger, 'Death', death).signature },
        'SIGNATURE_INVALID',
      ],
      [{ ...signed, message: { ...death, step: step + 2 } }, 'SIGNATURE_INVALID'],
      [sign(doctor, doctor, 'Death', { ...death, step: step + 2 }), 'RULE_REFUSED'],
      [sign(doctor, doctor, 'Death', { ...death, deadline: 1 }), 'REQUEST_LATE'],
      [sign(doctor, doctor, 'Death', { ...death, handle: word('nobody') }), 'NOT_FOUND'],
      [
        sign(doctor, doctor, 'ObjectToVital', {
          what: 'death',
          handle,
          step: 9,
          report: word('x'),
          deadline: 9,
        }),
        'RIGHT_MISSING',
      ],
      [
        sign(doctor, doctor, 'Will', {
          handle,
          number: 1,
          deadline: 9,
          terms: { grants: [], lasts: 1, salt: terms.salt },
        }),
        'RIGHT_MISSING',
      ],
    ] as const) {
      await assert.rejects(patient.agent.vital({ request }), failsWith(code), code);
    }
    assert.equal(network.services().index.block, block);
  });
});

describe('a death', () => {
  // @attack a grantee shows a will that the patient did not set, or a longer one | its digest is not the ledger's: `RIGHT_ENDED`
  // @attack an agent leaves the will out, so that a right counts as ended | without it no refusal is signed
  it('ends all grants but those of the will, which read what was there, and is undone by two organisations', async () => {
    const { doctor, patient, stranger, handle, right } = care;
    const kept = await grantRight(patient, { ...everything(stranger), actions: ['read'] });
    const { record } = await addRecord(doctor, note('before'));
    const grants = [digestOf(patient, 'Grant', kept.grant)];
    const { will } = await setWill(patient, { handle, grants, lasts: 86_400 });
    assert.deepEqual(await readWill(patient), { number: will.number, will });
    const changed = { ...will, terms: { ...will.terms, lasts: 9_999_999 } };
    await sendLetter(patient, stranger.address, { will: changed });
    await sendLetter(doctor, stranger.address, { will });
    await sendLetter(patient, stranger.address, { will: 'none' as unknown as Will });
    // The first may be a newer will, which the ledger does not show yet: it waits on the device.
    assert.equal((await checkInbox(stranger)).discarded, 2);
    assert.deepEqual(await handOverWill(patient), { told: [stranger.address], unknown: [] });
    assert.deepEqual((await checkInbox(stranger)).wills, [will]);
    assert.equal(await willFor(stranger, handle), undefined, 'nodes see no will of the living');
    const { death } = await reportDeath(registrar, { handle, content, at: at() });
    const tooLate = setWill(patient, { handle, grants: [], lasts: 1 });
    await assert.rejects(tooLate, failsWith('RULE_REFUSED', { reason: 'DeathKnown' }));
    await confirmVital(doctor, { death });

    const heir = { handle, grant: kept.grant, purpose: 'TREAT' } as const;
    assert.deepEqual(await willFor(stranger, handle), will);
    assert.equal(await willFor(doctor, handle), undefined);
    const chart = await readChart(stranger, { ...heir, will });
    const listed = chart.records.find((each) => each.record === record) ?? assert.fail();
    assert.deepEqual((await readRecord(stranger, chart, listed)).content, utf8ToBytes('before'));
    const ended = failsWith('RIGHT_ENDED');
    await assert.rejects(readChart(stranger, heir), ended);
    await assert.rejects(readChart(stranger, { ...heir, will: changed }), ended);
    const other = { handle, grant: right.grant, purpose: 'TREAT', will } as const;
    await assert.rejects(readChart(doctor, other), ended);

    // A coordinator signs no refusal of a right that may be in a will which it was not shown.
    const signedView = sign(doctor, doctor, 'View', viewOf(care));
    const refused = judgedBody(network, care, signedView, { flag: 'R', code: 'RIGHT_ENDED' });
    const judge = async (body: JudgedBody): Promise<string | undefined> => {
      const { coordinator } = network.services('laboratory');
      const answer = await coordinator.judge({ log: 'care/hospital', bodies: [body] });
      return answer.refused[0]?.problem.code;
    };
    assert.equal(await judge(refused), 'NOT_FOUND');
    assert.equal(await judge({ ...refused, will: changed }), 'NOT_FOUND');
    assert.equal(await judge({ ...refused, will }), undefined);

    const frozen = failsWith('CHART_FROZEN');
    const { grant: _, ...own } = note('from the phone of the dead');
    await assert.rejects(addRecord(patient, { ...own, purpose: 'PATRQT' }), frozen);
    await addRecord(doctor, { ...note('certificate'), category: 'vital-records' });
    const after = await readChart(patient, { handle, purpose: 'PATRQT' });
    assert.ok(after.records.some(({ category }) => category === 'vital-records'));

    const why = {
      what: 'death',
      content,
      reason: 'the names were alike',
      second: registrar.address,
    } as const;
    const tooLong = await signUndoing(doctor, { handle, ...why, within: 2 * 86_400 });
    await assert.rejects(undoVital(registrar, tooLong), failsWith('REQUEST_EARLY'));
    const signed = await signUndoing(doctor, { handle, ...why, within: 86_400 });
    await assert.rejects(undoVital(stranger, signed), failsWith('ARGUMENT_INVALID'));
    const forged = {
      ...signed,
      signature: sign(doctor, stranger, 'UndoVital', signed.message).signature,
    };
    await assert.rejects(undoVital(registrar, forged), failsWith('SIGNATURE_INVALID'));
    await undoVital(registrar, signed);
    await readChart(stranger, heir);
    await addRecord(doctor, note('alive'));
  });
});

/** Requires that the agent refuses it without a transaction. */
async function refused(
  asked: VitalAsked,
  code: ErrorCode,
  values?: Readonly<Record<string, string>>,
): Promise<void> {
  const { block } = network.services().index;
  await assert.rejects(care.patient.agent.vital(asked), failsWith(code, values), code);
  assert.equal(network.services().index.block, block, 'no transaction');
}
const deadline = (): number => vitalDeadline(registrar);

describe('what an enemy sends in the name of births, deaths and wills', () => {
  const salt = `0x${'5a'.repeat(16)}` as const;
  const why = { what: 'death', content, reason: 'a mistake' } as const;
  let handles: Handle[];
  let other: Party;
  before(async () => {
    other = await network.party('patient');
    handles = [care.handle, (await readPatientState(other)).handle];
  });

  // @attack parties whose role attests nothing have an agent pay for births and deaths | refused before a transaction; 60 a minute of a party
  it('as a party whose role does not attest costs no transaction', async () => {
    const { patient, stranger, handle } = care;
    const { step } = (await readLife(patient, handle)).death;
    const terms = { record: ZERO32, content, salt } as const;
    const reason = { reason: 'RoleUnfit' };
    const birth = { terms: { ...terms, link: ZERO32 }, reporter: stranger.address, handle };
    const timed = { ...birth, step: 3, deadline: deadline() };
    const born = sign(stranger, stranger, 'Birth', timed);
    await refused({ request: born }, 'RULE_REFUSED', reason);
    const death = { terms: { ...terms, at: 1 }, reporter: patient.address, handle, step: step + 1 };
    const died = sign(patient, patient, 'Death', { ...death, deadline: deadline() });
    await refused({ request: died }, 'RULE_REFUSED', reason);
  });

  // @attack a confirmation that names another patient's report, or comes from the reporter's organisation | refused before a transaction
  it('with another patient’s report, by the same organisation, or with a confirmation of somebody else', async () => {
    const { doctor, patient, stranger } = care;
    const [handle = ZERO32, theirs = ZERO32] = handles;
    const { digest } = await reportDeath(doctor, { handle, content, at: at() });
    const { step } = (await readLife(doctor, handle)).death;
    const confirmed = (by: Party, of: Handle, number: number): VitalAsked => {
      const named = { what: 'death', handle: of, report: digest } as const;
      const message = { ...named, step: number, confirmer: by.address };
      return { request: sign(by, by, 'ConfirmVital', { ...message, deadline: deadline() }) };
    };
    await refused(confirmed(registrar, theirs, 1), 'RULE_REFUSED', { reason: 'ReportUnknown' });
    const alike = { reason: 'OrganisationsAlike' };
    await refused(confirmed(stranger, handle, step + 1), 'RULE_REFUSED', alike);
    const asked = confirmed(registrar, handle, step + 1);
    const placed = await patient.agent.vital(asked);
    assert.deepEqual(await patient.agent.vital(asked), placed, 'a repeat is answered as before');
    await refused(confirmed(stranger, handle, step + 1), 'RULE_REFUSED', { reason: 'ReportKnown' });
    await objectToVital(patient, { handle, what: 'death' });
    await refused(asked, 'RULE_REFUSED', { reason: 'ReportUnknown' });
  });

  // @attack an undoing that is replayed for a later death, or signed by one organisation | `ReportUnknown`, `OrganisationsAlike`; a byte-identical repeat changes nothing
  it('with an undoing of an earlier death, of two who are one, or without the second signature', async () => {
    const { doctor, patient, stranger, handle } = care;
    await reportDeath(registrar, { handle, content, at: at() });
    const first = await signUndoing(doctor, { handle, ...why, second: registrar.address });
    await refused({ request: first }, 'SIGNATURE_INVALID');
    const { signature: alone } = first;
    await refused({ request: first, second: alone }, 'SIGNATURE_INVALID');
    for (const [second, reason] of [
      [stranger, 'OrganisationsAlike'],
      [doctor, 'OrganisationsAlike'],
      [patient, 'RoleUnfit'],
    ] as const) {
      const signed = await signUndoing(doctor, { handle, ...why, second: second.address });
      const { signature } = sign(second, second, 'UndoVital', signed.message);
      await refused({ request: signed, second: signature }, 'RULE_REFUSED', { reason });
    }
    await undoVital(registrar, first);
    const { digest } = await reportDeath(registrar, { handle, content, at: at() });
    const { signature: second } = sign(registrar, registrar, 'UndoVital', first.message);
    await patient.agent.vital({ request: first, second });
    const { report } = (await readLife(patient, handle)).death;
    assert.equal(report, digest, 'the replay changes nothing');
    await objectToVital(patient, { handle, what: 'death' });
  });

  // @attack a will of one patient that names the grant of another | `RIGHT_ENDED`: its digest is of another handle
  it('with a will that opens another chart, or a second signature of nobody', async () => {
    const { doctor, patient, right } = care;
    const [handle = ZERO32, theirs = ZERO32] = handles;
    const grants = [digestOf(patient, 'Grant', right.grant)];
    const terms = { grants, lasts: 9_999_999, salt };
    const { will } = await setWill(other, { handle: theirs, grants, lasts: 9_999_999 });
    const { number } = await readLife(patient, handle);
    const foreign = { handle, number: number + 1, terms, deadline: deadline() };
    await refused({ request: sign(other, other, 'Will', foreign) }, 'RIGHT_MISSING');
    const own = sign(patient, patient, 'Will', foreign);
    await refused({ request: own, second: own.signature }, 'REQUEST_MALFORMED');
    const objection = { what: 'marriage', handle, step: 1, report: ZERO32, deadline: deadline() };
    const odd = { ...own, type: 'ObjectToVital', message: objection } as unknown as typeof own;
    await refused({ request: odd }, 'REQUEST_MALFORMED');
    const many = { ...foreign, terms: { ...terms, grants: Array(65).fill(ZERO32) as Bytes32[] } };
    await refused({ request: { ...own, message: many } }, 'REQUEST_MALFORMED');
    const { death } = await reportDeath(doctor, { handle, content, at: at() });
    await confirmVital(registrar, { death });
    const reading = { handle, grant: right.grant, purpose: 'TREAT', will } as const;
    await assert.rejects(readChart(doctor, reading), failsWith('RIGHT_ENDED'));
    await objectToVital(patient, { handle, what: 'death' });
  });
});

describe('a mother in the birth of her child', () => {
  // @attack a registrar names a mother who did not permit it, or uses a permission twice | refused before a transaction; no reader confirms it
  // @actor a second party | confirms a birth whose mother nobody saw permit it, or a report it was not shown
  it('is named with her permission alone, which serves one registrar for one child', async () => {
    const { patient, doctor, handle } = care;
    const [child, second] = [await network.party('patient'), await network.party('patient')];
    const [{ handle: born }, { handle: sibling }] = [
      await readPatientState(child),
      await readPatientState(second),
    ];
    const within = 86_400;
    const wanted = { child: born, registrar: registrar.address, within };
    const link = await permitBirthLink(patient, wanted);
    const place = async (
      permission: Signed<'BirthLink'> | undefined,
      named = permission?.message,
      of = born,
    ): Promise<unknown> => {
      const salt = `0x${'5a'.repeat(16)}` as const;
      const digest = named === undefined ? ZERO32 : digestOf(registrar, 'BirthLink', named);
      const request = sign(registrar, registrar, 'Birth', {
        terms: { record: ZERO32, content, link: digest, salt },
        reporter: registrar.address,
        handle: of,
        step: 1,
        deadline: vitalDeadline(registrar),
      });
      return await registrar.agent.vital({ request, ...(permission && { link: permission }) });
    };
    const late = await permitBirthLink(patient, { ...wanted, within: -1 });
    const elsewhere = await permitBirthLink(patient, { ...wanted, registrar: doctor.address });
    const { signature } = sign(child, child, 'BirthLink', link.message);
    const asChild = sign(child, child, 'BirthLink', link.message);
    for (const [permission, named, of, code] of [
      [undefined, link.message, born, 'RIGHT_MISSING'],
      [link, late.message, born, 'RIGHT_MISSING'],
      [link, undefined, sibling, 'RIGHT_MISSING'],
      [elsewhere, undefined, born, 'RIGHT_MISSING'],
      [asChild, undefined, born, 'RIGHT_MISSING'],
      [{ ...link, signature }, undefined, born, 'SIGNATURE_INVALID'],
      [late, undefined, born, 'REQUEST_LATE'],
    ] as const) {
      const { block } = network.services('laboratory').index;
      await assert.rejects(place(permission, named, of), failsWith(code), code);
      assert.equal(network.services('laboratory').index.block, block);
    }
    const { birth } = await registerBirth(registrar, { handle: born, content, link });
    const facts = (await readLife(doctor, born)).birth;
    assert.deepEqual(await readBirth(doctor, { birth, link }), {
      facts,
      namesMother: true,
      mother: handle,
    });
    assert.deepEqual(await readBirth(doctor, { birth }), { facts, namesMother: true });
    const forged = { ...birth, terms: { ...birth.terms, link: ZERO32 } };
    await assert.rejects(readBirth(doctor, { birth: forged }), failsWith('EVIDENCE_INVALID'));
    const others = readBirth(doctor, { birth, link: elsewhere });
    await assert.rejects(others, failsWith('EVIDENCE_INVALID'));
    const unseen = confirmVital(doctor, { birth });
    await assert.rejects(unseen, failsWith('EVIDENCE_INVALID'), 'a mother that nobody saw permit');
    await confirmVital(doctor, { birth, link });
  });

  // @class what a permission lets onto the ledger | is judged in time, and taken after the permission ended
  // @actor a registrar and the organisation that carries the birth, with a permission by a mother's former key, of a suspended mother, that ran out, or of the child itself | has readers believe the mother
  it('is refused to a reader for whatever an agent refuses it, though an organisation carried the birth alone', async () => {
    const { doctor, patient, handle } = care;
    const mother = await network.party('patient');
    const { handle: hers } = await readPatientState(mother);
    const child = await network.party('patient');
    const { handle: born } = await readPatientState(child);
    const wanted = { child: born, registrar: registrar.address, within: 86_400 };
    const link = await permitBirthLink(mother, wanted);
    const { party: renewed } = await changeKey(mother, network.ports.random(32));
    const thief = { ...mother, ...(renewed.keyChanges && { keyChanges: renewed.keyChanges }) };
    const own = { ...link.message, handle: born };
    const suspended = await network.party('patient');
    const { handle: theirs } = await readPatientState(suspended);
    const ofSuspended = await permitBirthLink(suspended, wanted);
    await suspend(network, suspended, 1);
    const sender = network.senders.get('laboratory') ?? assert.fail();
    const to = network.file.contracts.vitalRecords ?? assert.fail();
    const good = await permitBirthLink(patient, wanted);
    const cases: readonly (readonly [string, Signed<'BirthLink'>, ErrorCode])[] = [
      ['a former key', link, 'SIGNATURE_INVALID'],
      [
        'a former key beside changes of the key',
        sign(thief, thief, 'BirthLink', link.message),
        'SIGNATURE_INVALID',
      ],
      ['a key that the former one changed to', stolen(link, mother), 'SIGNATURE_INVALID'],
      [
        'a key of nobody',
        { ...good, signature: stolen(link, mother).signature },
        'SIGNATURE_INVALID',
      ],
      ['a suspended mother', ofSuspended, 'PARTY_SUSPENDED'],
      [
        'a permission that had ended',
        await permitBirthLink(patient, { ...wanted, within: -60 }),
        'REQUEST_LATE',
      ],
      [
        'a permission that ends before the ledger has to take the birth',
        await permitBirthLink(patient, { ...wanted, within: 60 }),
        'REQUEST_LATE',
      ],
      ['the child as its own mother', sign(child, child, 'BirthLink', own), 'RIGHT_MISSING'],
      [
        'another registrar',
        await permitBirthLink(patient, { ...wanted, registrar: doctor.address }),
        'RIGHT_MISSING',
      ],
      [
        'another child',
        await permitBirthLink(patient, { ...wanted, child: theirs }),
        'RIGHT_MISSING',
      ],
      [
        'another’s handle',
        sign(doctor, doctor, 'BirthLink', { ...link.message, handle: hers }),
        'RIGHT_MISSING',
      ],
    ];
    for (const [name, permission, code] of cases) {
      const { step } = (await readLife(doctor, born)).birth;
      const named = digestOf(registrar, 'BirthLink', permission.message);
      const terms = { record: ZERO32, content, link: named, salt: `0x${'5a'.repeat(16)}` } as const;
      const message = { terms, reporter: registrar.address, handle: born, step: step + 1 };
      const request = sign(registrar, registrar, 'Birth', { ...message, deadline: deadline() });
      await refused({ request, link: permission }, code);
      await sender.send({ to, data: encodeRequests(registrar.primitives, 'Birth', [request]) });
      const { message: birth } = request;
      const shown = { birth, link: permission };
      const reason = `the mother’s permission was not good when the birth was reported: ${code}`;
      const invalid = failsWith('EVIDENCE_INVALID', { reason });
      await assert.rejects(readBirth(doctor, shown), invalid, name);
      await assert.rejects(confirmVital(doctor, shown), invalid, name);
      await objectToVital(child, { handle: born, what: 'birth' });
    }
    const { birth } = await registerBirth(registrar, { handle: born, content, link: good });
    network.clock.advance(2 * 86_400_000);
    const { party: changed } = await changeKey(patient, network.ports.random(32));
    const { mother: read } = await readBirth(doctor, { birth, link: good });
    assert.equal(read, handle, 'what was good when the birth was reported stays good');
    care = { ...care, patient: changed };
  });

  // @actor a registrar with a permission that ends within the birth's own minutes | has the ledger take a birth whose mother nobody can ever verify
  it('is not named by a birth that the ledger would take after her permission ended', async (t) => {
    const { doctor, patient, handle } = care;
    const { handle: born } = await readPatientState(await network.party('patient'));
    const wanted = { child: born, registrar: registrar.address, within: 5 };
    const link = await permitBirthLink(patient, wanted);
    const sender = network.senders.get('laboratory') ?? assert.fail();
    const send = sender.send.bind(sender);
    // The agent judged it in time, and the block comes later.
    const slow = t.mock.method(sender, 'send', async (...sent: Parameters<typeof send>) => {
      network.clock.advance(6_000);
      return await send(...sent);
    });
    const late = registerBirth(registrar, { handle: born, content, link });
    await assert.rejects(late, failsWith('REQUEST_LATE'));
    assert.equal(slow.mock.callCount(), 1);
    slow.mock.restore();
    assert.equal((await readLife(doctor, born)).birth.report, undefined);
    // Until a block shows that its time is over, the first may still take effect.
    const second = await permitBirthLink(patient, wanted);
    const early = registerBirth(registrar, { handle: born, content, link: second });
    await assert.rejects(early, failsWith('NOT_YET'));
    await network.party('nurse');
    const again = await permitBirthLink(patient, wanted);
    const { birth } = await registerBirth(registrar, { handle: born, content, link: again });
    assert.equal(birth.deadline, again.message.deadline);
    network.clock.advance(6_000);
    const { mother } = await readBirth(doctor, { birth, link: again });
    assert.equal(mother, handle);
  });
});

/** A permission by a key of the thief, to which the mother's former key signed a change. */
function stolen({ message }: Signed<'BirthLink'>, mother: Party): Signed<'BirthLink'> {
  const thief = signatory('thief');
  const former = { address: mother.address, signingKey: mother.keys.signingKey() };
  const change = {
    party: mother.address,
    signer: thief.address,
    recipient: word('thief'),
    change: 9,
    deadline: 2_000_000_000,
  };
  const by = (key: typeof former): `0x${string}` =>
    sign(mother, key, 'KeyChange', change).signature;
  const keyChanges = [{ message: change, signature: by(former), newSignature: by(thief) }];
  const signer = { ...thief, address: mother.address, keyChanges };
  return sign(mother, signer, 'BirthLink', message);
}
