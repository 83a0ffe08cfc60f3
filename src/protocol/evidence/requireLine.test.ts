import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asyncProperty, constantFrom, assert as forAll, record as recordOf } from 'fast-check';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import { answerTo } from './answeredBy.ts';
import { judgeEvidence } from './judgeEvidence.ts';
import type { Acknowledgement } from './evidence.ts';
import type { Write } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { acknowledged, NOW, RECORD, sampleBody, sampleWrite } from '../test/sampleEvidence.ts';
import { context, network, signatory, word, type Signatory } from '../test/sampleNetwork.ts';
import { admit, patient, sampleGrant, sampleRules } from '../test/sampleRules.ts';
import { ROLES, type Role } from '../vocabulary.ts';

/** The patient, and two parties of each role, the patients among them being others. */
const people: readonly { readonly who: Signatory; readonly role: Role; readonly own: boolean }[] = [
  { who: patient, role: 'patient', own: true },
  ...ROLES.flatMap((role) =>
    ['first', 'second'].map((name) => ({ who: signatory(`${name} ${role}`), role, own: false })),
  ),
];
const rules = sampleRules();
for (const { who, role } of people) {
  const standing = { suspended: false, standing: 0, recipient: word('recipient') };
  const party = who.address;
  rules.parties.set(party, { party, role, organisation: 'hospital', ...standing });
}
const OBJECTION = word('objection');
/** Which right somebody shows: none, or a grant with or without the right to amend. */
const RIGHTS = ['none', 'read and add', 'amend'] as const;

interface Tried {
  readonly began: (typeof people)[number];
  readonly asks: (typeof people)[number];
  readonly right: (typeof RIGHTS)[number];
}

/** The code with which a write is refused; undefined if it is accepted. */
async function refusal(
  { began, asks, right }: Tried,
  first: Partial<Write> = {},
  write: Partial<Write> = {},
  records: readonly Acknowledgement[] = [],
): Promise<ErrorCode | undefined> {
  const begun = { begunBy: began.who.address, ...first };
  const signed = sign(context, began.who, 'Write', { ...sampleWrite, ...begun });
  const [record] = await acknowledged([sampleBody({ request: signed })]);
  const opening = sampleGrant({ grantee: asks.who.address, amend: right === 'amend' });
  const grant: Bytes32 = right === 'none' ? ZERO32 : admit(rules, opening);
  const next = { ...sampleWrite, ...begun, action: 'amend', version: 2, grant, ...write } as const;
  const request = sign(context, asks.who, 'Write', next);
  try {
    const support = { opening, records, ...(record && { record }) };
    judgeEvidence(context, network, rules, request, support, NOW);
    return undefined;
  } catch (error) {
    assert.ok(isMedsealError(error), String(error));
    return error.code;
  }
}

const CARE: readonly Role[] = ['doctor', 'nurse', 'pharmacist', 'lab', 'registrar'];

/** Written down again from what is promised, apart from the table. */
function expected({ began, asks, right }: Tried): ErrorCode | undefined {
  const isSame = began.who.address === asks.who.address;
  if (right === 'none') {
    if (!asks.own) return 'RIGHT_MISSING';
    return isSame ? undefined : 'LINE_OF_ANOTHER';
  }
  if (right !== 'amend') return 'RIGHT_MISSING';
  if (isSame) return undefined;
  // Patients cannot give themselves the right to change what others wrote.
  if (asks.own) return 'LINE_OF_ANOTHER';
  if (CARE.includes(asks.role) && [...CARE, 'patient'].includes(began.role)) return undefined;
  const isAlike = asks.role === began.role && ['patient', 'insurer'].includes(asks.role);
  return isAlike ? undefined : 'LINE_OF_ANOTHER';
}

const person = constantFrom(...people);
const tried = recordOf({ began: person, asks: person, right: constantFrom(...RIGHTS) });
const [own = assert.fail()] = people;
const [first = assert.fail(), second = assert.fail()] = people.filter(
  ({ role }) => role === 'doctor',
);

describe('a line of versions', () => {
  // @actor a patient | gives a right to amend to the patient's own party, and changes a professional's record with it
  it('is not changed by a patient where a professional began it, with or without a grant to oneself', async () => {
    for (const began of people) {
      if (began.role === 'patient') continue;
      for (const right of ['none', 'amend'] as const) {
        const code = await refusal({ began, asks: own, right });
        assert.equal(code, 'LINE_OF_ANOTHER', `${began.role}, ${right}`);
      }
    }
  });

  // @class a line of versions is changed by the side that began it, for all who begin, ask and rights | changes a record that is not theirs
  it('is changed by whom its beginner, the one who asks and the right allow, for all of them', async () => {
    await forAll(
      asyncProperty(tried, async (each) => {
        assert.equal(await refusal(each), expected(each));
      }),
      { numRuns: 400 },
    );
  });

  // @actor an author | names another party as the one who began a record, or moves an objection
  it('keeps who began it and what it is about', async () => {
    const allowed = { began: first, asks: second, right: 'amend' } as const;
    assert.equal(await refusal(allowed), undefined);
    const begunBy = second.who.address;
    assert.equal(await refusal(allowed, {}, { begunBy }), 'REQUEST_MALFORMED');
    assert.equal(await refusal(allowed, {}, { about: word('another') }), 'REQUEST_MALFORMED');
    const added = { action: 'add', version: 1, record: word('new') } as const;
    assert.equal(await refusal(allowed, {}, added), 'REQUEST_MALFORMED', 'in another’s name');
  });
});

/** An attempt, by default without a grant on what the first doctor began. */
function by(asks: Tried['asks'], began = first, right: Tried['right'] = 'none'): Tried {
  return { began, asks, right };
}

describe('an objection', () => {
  const objection = { action: 'add', version: 1, record: OBJECTION, about: RECORD } as const;
  const begunBy = own.who.address;

  it('is refused of anybody but the patient, and beside the patient’s own records', async () => {
    const doctors = { ...objection, begunBy: second.who.address };
    assert.equal(await refusal(by(second, first, 'amend'), {}, doctors), 'LINE_OF_ANOTHER');
    assert.equal(await refusal(by(second), {}, doctors), 'RIGHT_MISSING');
    assert.equal(await refusal(by(own, own), {}, { ...objection, begunBy }), 'REQUEST_MALFORMED');
  });

  it('is refused in another category, about nothing that is there, and about an objection', async () => {
    const moved = { ...objection, begunBy, category: 'medications' } as const;
    assert.equal(await refusal(by(own), {}, moved), 'REQUEST_MALFORMED');
    const unknown = { ...objection, begunBy, about: word('unknown') };
    assert.equal(await refusal(by(own), {}, unknown), 'NOT_FOUND');
    const twice = await refusal(by(own), { about: word('a record') }, { ...objection, begunBy });
    assert.equal(twice, 'REQUEST_MALFORMED');
  });

  it('is changed by nobody but the patient, whatever the grant', async () => {
    const line = { about: RECORD, record: OBJECTION };
    for (const asks of people.filter((each) => !each.own)) {
      assert.equal(await refusal(by(asks, own, 'amend'), line), 'LINE_OF_ANOTHER', asks.role);
    }
    assert.equal(await refusal(by(own, own), line), undefined);
  });

  it('is taken of the patient, beside what a professional wrote', async () => {
    assert.equal(await refusal(by(own), {}, { ...objection, begunBy }), undefined);
  });
});

/** The acknowledgement of what somebody said beside the record. */
async function said(
  by: Signatory,
  write: Partial<Write> = {},
): Promise<readonly Acknowledgement[]> {
  const word = { record: OBJECTION, about: RECORD, begunBy: by.address, grant: ZERO32 };
  const request = sign(context, by, 'Write', { ...sampleWrite, ...word, ...write });
  return await acknowledged([sampleBody({ request })]);
}

describe('an answer to an objection', () => {
  const answer = {
    action: 'add',
    version: 1,
    record: answerTo(OBJECTION),
    about: RECORD,
    begunBy: first.who.address,
  } as const;

  it('is taken of who began the record, with a right to add', async () => {
    const objection = await said(own.who);
    assert.equal(await refusal(by(first, first, 'read and add'), {}, answer, objection), undefined);
    assert.equal(await refusal(by(first), {}, answer, objection), 'RIGHT_MISSING');
  });

  // @class only who began a record answers, for all roles | another author answers an objection in their name
  it('is refused of everybody else, and taken of a colleague of the organisation while that one is suspended', async () => {
    const objection = await said(own.who);
    const party = first.who.address;
    const known = rules.parties.get(party) ?? assert.fail();
    for (const suspended of [false, true]) {
      rules.parties.set(party, { ...known, suspended });
      for (const asks of people) {
        if (asks.who.address === party || asks.own) continue;
        const begun = { ...answer, begunBy: asks.who.address };
        const code = await refusal(by(asks, first, 'amend'), {}, begun, objection);
        const isColleague = suspended && CARE.includes(asks.role);
        assert.equal(code, isColleague ? undefined : 'LINE_OF_ANOTHER', asks.role);
      }
    }
    const colleague = second.who.address;
    const there = rules.parties.get(colleague) ?? assert.fail();
    rules.parties.set(colleague, { ...there, organisation: 'laboratory' });
    const begun = { ...answer, begunBy: colleague };
    const moved = await refusal(by(second, first, 'amend'), {}, begun, objection);
    assert.equal(moved, 'LINE_OF_ANOTHER', 'of another organisation');
    rules.parties.set(colleague, there);
    rules.parties.set(party, known);
  });

  it('is refused without the objection that its id follows from, as the patient made it', async () => {
    const answers = async (
      objection: readonly Acknowledgement[],
      write: Partial<Write> = {},
    ): Promise<ErrorCode | undefined> => {
      return await refusal(by(first, first, 'amend'), {}, { ...answer, ...write }, objection);
    };
    assert.equal(await answers([]), 'NOT_FOUND');
    const objection = await said(own.who);
    assert.equal(await answers(objection, { record: word('random') }), 'NOT_FOUND');
    assert.equal(await answers(objection, { record: answerTo(answer.record) }), 'NOT_FOUND');
    assert.equal(await answers(await said(own.who, { version: 2 })), 'NOT_FOUND');
    assert.equal(await answers(await said(own.who, { handle: word('other') })), 'NOT_FOUND');
    const ofAnother = await said(own.who, { about: word('other') });
    assert.equal(await answers(ofAnother), 'REQUEST_MALFORMED');
    const notOne = await said(own.who, { about: ZERO32 });
    assert.equal(await answers(notOne), 'REQUEST_MALFORMED');
    const byDoctor = await said(first.who, { grant: word('grant') });
    assert.equal(
      await answers(byDoctor),
      'REQUEST_MALFORMED',
      'an answer to an answer of one’s own',
    );
  });

  it('is answered by the patient, and changed by nobody but its author', async () => {
    const statement = { ...answer, record: answerTo(answer.record), begunBy: own.who.address };
    assert.equal(await refusal(by(own), {}, statement), undefined);
    const line = { about: RECORD, record: answer.record };
    for (const asks of [own, second]) {
      assert.equal(await refusal(by(asks, first, 'amend'), line), 'LINE_OF_ANOTHER');
    }
    assert.equal(await refusal(by(first, first, 'amend'), line), undefined);
  });
});

describe('the id of an answer', () => {
  it('is the next one, also after the largest', () => {
    const [most, none]: readonly Bytes32[] = [`0x${'f'.repeat(64)}`, ZERO32];
    assert.equal(answerTo(most ?? assert.fail()), none);
    assert.equal(answerTo(`0x${'0'.repeat(62)}0f`), `0x${'0'.repeat(62)}10`);
  });
});
