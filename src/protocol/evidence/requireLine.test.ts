import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asyncProperty, constantFrom, assert as forAll, record as recordOf } from 'fast-check';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import { judgeEvidence } from './judgeEvidence.ts';
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
): Promise<ErrorCode | undefined> {
  const begun = { begunBy: began.who.address, ...first };
  const signed = sign(context, began.who, 'Write', { ...sampleWrite, ...begun });
  const [record] = await acknowledged([sampleBody({ request: signed })]);
  const opening = sampleGrant({ grantee: asks.who.address, amend: right === 'amend' });
  const grant: Bytes32 = right === 'none' ? ZERO32 : admit(rules, opening);
  const next = { ...sampleWrite, ...begun, action: 'amend', version: 2, grant, ...write } as const;
  const request = sign(context, asks.who, 'Write', next);
  try {
    judgeEvidence(context, network, rules, request, { opening, ...(record && { record }) }, NOW);
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
    assert.equal(await refusal(by(second, first, 'amend'), {}, doctors), 'REQUEST_MALFORMED');
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
