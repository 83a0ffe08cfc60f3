// Over 400 lines: each reason for which nodes refuse a step of a claim is tried over one network.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../../client/epochs/commitEpochs.ts';
import {
  keyOfClaimAccount,
  ownClaimAccount,
  signForClaim,
} from '../../../client/care/claims/claimAccount.ts';
import type { LoggedVersion } from '../../../client/records/logVersion.ts';
import { addRecord } from '../../../client/records/addRecord.ts';
import { readPatientState } from '../../../client/state/PatientState.ts';
import { parseBody } from '../../../protocol/evidence/parseBody.ts';
import { treatmentNullifier } from '../../../protocol/care/treatmentNullifier.ts';
import type { Party } from '../../../client/party/Party.ts';
import { readChart } from '../../../client/records/readChart.ts';
import { changeKey } from '../../../client/party/changeKey.ts';
import { grantRight } from '../../../client/rights/grantRight.ts';
import { revokeRight } from '../../../client/rights/revokeRight.ts';
import { readAccount } from '../../../client/care/units/readUnits.ts';
import { bytesToHex, hexToBytes } from '../../../crypto/bytes.ts';
import { suspend } from '../../../node/test/suspend.ts';
import { BEGIN, everything } from '../../../node/test/testNetwork.ts';
import type { Submission } from '../../../protocol/AgentPort.ts';
import type { ClaimDecision, ClaimFacts, InsuranceClaim } from '../../../protocol/care/claims.ts';
import { ZERO32, type Address, type Bytes32 } from '../../../protocol/ids.ts';
import type { Signed, Write } from '../../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { accountsOfParty } from '../../../protocol/network/accountsOfParty.ts';
import { lotHashOf } from '../../../protocol/care/lotHashOf.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { LOT, startClaimCase, type ClaimCase, type Treated } from './test/claimCase.ts';

let at: ClaimCase;

before(async () => {
  at = await startClaimCase();
});
after(async () => {
  assert.deepEqual(at.network.failures, []);
  await at.network.close();
});

const salt = `0x${'77'.repeat(16)}` as const;

/** The same submission with other fields of the claim, signed by its claimant or by another, each with an own account. */
function changed(
  { request, ...others }: Submission,
  change: Partial<InsuranceClaim>,
  by: Party = at.care.patient,
): Submission {
  const before = request.message as InsuranceClaim;
  const account = ownClaimAccount(by, (change.terms ?? before.terms).salt);
  const message = { ...before, claimant: account, payee: account, ...change };
  const bills = at.bills(message);
  return { ...others, ...signForClaim(by, message, 'InsuranceClaim', message), bills };
}

/** The terms with another salt, and so other accounts. */
function another({ terms }: InsuranceClaim): InsuranceClaim['terms'] {
  return { ...terms, salt: bytesToHex(at.network.ports.random(16)) };
}

function decided(
  claim: InsuranceClaim,
  change: Partial<ClaimDecision> = {},
  by: Party = at.insurer,
): Submission {
  const message: ClaimDecision = {
    claim: digestOf(by, 'InsuranceClaim', claim),
    step: 1,
    outcome: 1,
    amount: claim.amount,
    until: 0,
    lotHash: lotHashOf(by.primitives, LOT),
    terms: { reason: 'covered', content: ZERO32, salt },
    deadline: BEGIN + 300,
    ...change,
  };
  return { request: sign(by, by, 'ClaimDecision', message), claim };
}

function writeOf({ acknowledgement }: LoggedVersion): Write {
  const { request } = parseBody(acknowledgement.body) ?? assert.fail();
  return request.message as Write;
}

async function factsOf(claim: Bytes32): Promise<ClaimFacts | undefined> {
  const [first] = await at.network.agent('insurer').facts({ nonce: ZERO32, claim });
  return first?.facts.claim;
}

describe('a claim for a treatment', () => {
  it('is vouched for by coordinators, decided, and approved once', async () => {
    const { message, submission } = await at.treat();
    const digest = digestOf(at.insurer, 'InsuranceClaim', message);
    assert.equal(await at.outcomeOf(submission), 'placed');
    assert.equal(await at.outcomeOf(submission), 'placed', 'the same again gets its first answer');
    await at.issue(at.insurer.address, 12_000);
    assert.equal(await at.outcomeOf(decided(message), 'insurer'), 'placed');
    assert.partialDeepStrictEqual(await factsOf(digest), {
      state: 'approved',
      approved: 12_000,
      step: 1,
    });
    const again = decided(message, { step: 2 });
    assert.equal(await at.outcomeOf(again, 'insurer'), 'RULE_REFUSED StateUnfit');
    const other = decided(message, {
      amount: 1,
      terms: { reason: 'not-covered', content: ZERO32, salt },
    });
    assert.equal(await at.outcomeOf(other, 'insurer'), 'RULE_REFUSED StepUnexpected');
  });

  it('is taken back by its claimant alone, and not decided any more', async () => {
    const { message, submission } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    const claim = digestOf(at.insurer, 'InsuranceClaim', message);
    const withdrawal = { claim, step: 1, deadline: BEGIN + 300 };
    const foreign = sign(at.care.doctor, at.care.doctor, 'WithdrawClaim', withdrawal);
    assert.equal(await at.outcomeOf({ request: foreign, claim: message }), 'RIGHT_MISSING');
    const own = signForClaim(at.care.patient, message, 'WithdrawClaim', withdrawal);
    assert.equal(
      await at.outcomeOf({ request: own.request, claim: message }),
      'SIGNATURE_INVALID',
      'the account did not sign',
    );
    assert.equal(await at.outcomeOf({ ...own, claim: message }), 'placed');
    const late = decided(message, { step: 2 });
    assert.equal(await at.outcomeOf(late, 'insurer'), 'RULE_REFUSED StateUnfit');
  });

  it('is made by a doctor of the organisation that treated', async () => {
    const { submission } = await at.treat(at.care.doctor);
    assert.equal(await at.outcomeOf(submission), 'placed');
  });

  it('is answered with further records, once the insurer asked for more', async () => {
    const { message, submission } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    const claim = digestOf(at.insurer, 'InsuranceClaim', message);
    const asked = decided(message, {
      outcome: 3,
      amount: 0,
      terms: { reason: 'more-needed', content: ZERO32, salt },
    });
    assert.equal(await at.outcomeOf(asked, 'insurer'), 'placed');
    const { record, acknowledgement } = await at.write('reports');
    const records = [acknowledgement.entry];
    const signed = signForClaim(at.care.patient, message, 'ClaimSupplement', {
      claim,
      step: 2,
      terms: { records, content: ZERO32, salt },
      deadline: BEGIN + 300,
    });
    const bare = { ...signed, claim: message, entries: [acknowledgement] };
    assert.equal(await at.outcomeOf(bare), 'REQUEST_MALFORMED');
    const openings = [await at.permit(record, 'reports')];
    assert.equal(await at.outcomeOf({ ...bare, openings }), 'placed');
    assert.partialDeepStrictEqual(await factsOf(claim), { state: 'open', step: 2 });
  });

  // @attack a claim goes with acknowledgements without verdicts, which nodes that judged the bodies take and the others refuse, so that an honest peer is blamed for its copy | every node verifies the verdicts
  it('with an acknowledgement that shows no verdicts is kept by nobody, also not by those who judged its body', async () => {
    const { submission } = await at.treat();
    const bare = (submission.entries ?? []).map((each) => ({ ...each, verdicts: [] }));
    assert.equal(await at.outcomeOf({ ...submission, entries: bare }), 'EVIDENCE_INVALID');
  });

  it('is kept at every organisation with its steps, and a peer that was away gets it', async () => {
    const count = async (): Promise<number> => {
      const { contributor } = at.network.services('laboratory');
      const { kept } = await contributor.keptAfter(0);
      const copies = await contributor.keptCopies(kept.map(({ id }) => id));
      return copies.filter((copy) => copy !== null && 'care' in copy).length;
    };
    const before = await count();
    assert.ok(before > 3);
    await at.network.lose('laboratory', 'kept');
    await at.network.services('laboratory').contributor.catchUp();
    assert.deepEqual(at.network.failures, []);
    assert.equal(await count(), before);
  });
});

describe('a treatment', () => {
  // @attack a doctor gives a record of another patient the salt of a treatment, and claims for it, so that the treatment is used up | the nullifier is of chart and record too, and of each record’s first version there is one
  it('is not used up by a claim for another record that has the same salt', async () => {
    const { visit, submission, coverage, message } = await at.treat();
    const { salt: known } = writeOf(visit);
    const copying = {
      ...at.care.doctor,
      random: (size: number) => (size === 16 ? hexToBytes(known) : at.care.doctor.random(size)),
    };
    const copied = await at.write('encounters', copying);
    assert.equal(writeOf(copied).salt, known);
    const { entry } = copied.acknowledgement;
    const records = [entry, coverage.acknowledgement.entry];
    const { primitives } = at.network.ports;
    const treatment = treatmentNullifier(primitives, at.network.file.networkId, writeOf(copied));
    assert.notEqual(treatment, message.treatment);
    const [, policy] = submission.openings ?? [];
    const other = {
      ...changed(submission, { treatment, terms: { ...another(message), entry, records } }),
      entries: [copied.acknowledgement, coverage.acknowledgement],
      openings: [await at.permit(copied.record, 'encounters'), policy ?? assert.fail()],
    };
    assert.equal(await at.outcomeOf(other), 'placed');
    assert.equal(await at.outcomeOf(submission), 'placed');
  });

  // @attack a claimant names the bill or the policy as the treatment, so that each bill is another treatment | refused by each coordinator
  it('is not one of the papers that are written for a claim, of which each claim has others', async () => {
    const { submission, coverage, message } = await at.treat();
    const bill = await at.write('billing');
    const [first, policy] = submission.openings ?? [];
    assert.ok(first && policy);
    for (const [paper, category] of [
      [bill, 'billing'],
      [coverage, 'coverage'],
    ] as const) {
      const { entry } = paper.acknowledgement;
      const { primitives } = at.network.ports;
      const treatment = treatmentNullifier(primitives, at.network.file.networkId, writeOf(paper));
      const records = [...new Set([entry, coverage.acknowledgement.entry])];
      const isBill = category === 'billing';
      const claim: Submission = {
        ...changed(submission, { treatment, terms: { ...another(message), entry, records } }),
        entries: [...(isBill ? [paper.acknowledgement] : []), coverage.acknowledgement],
        openings: [...(isBill ? [await at.permit(paper.record, category)] : []), policy],
      };
      assert.equal(await at.outcomeOf(claim), 'REQUEST_MALFORMED');
    }
  });
});

describe('coordinators do not vouch for a claim', () => {
  let treated: Treated;
  let placedBefore: InsuranceClaim;
  before(async () => {
    treated = await at.treat();
    const { submission, message } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    placedBefore = message;
  });

  it('with an inclusion proof of another patient’s entry', async () => {
    const { submission } = treated;
    const other = await at.network.party('patient');
    await commitEpochs(other, 2);
    const { handle } = await readPatientState(other);
    const foreign = await addRecord(other, {
      handle: handle ?? assert.fail(),
      category: 'encounters',
      content: new Uint8Array([1]),
      purpose: 'PATRQT',
    });
    const { terms } = submission.request.message as InsuranceClaim;
    const { entry } = foreign.acknowledgement;
    const message = { terms: { ...terms, records: [...terms.records, entry] } };
    const entries = [...(submission.entries ?? []), foreign.acknowledgement];
    const outcome = await at.outcomeOf({ ...changed(submission, message), entries });
    assert.equal(outcome, 'REQUEST_MALFORMED');
  });

  it('whose entry was not acknowledged, was altered, or is not the one that it names', async () => {
    const { submission, coverage } = treated;
    const [first, second] = submission.entries ?? [];
    assert.ok(first && second);
    const unjudged = await at.write('encounters');
    const forged = { ...unjudged.acknowledgement, body: first.body };
    const { terms } = submission.request.message as InsuranceClaim;
    const records = [unjudged.acknowledgement.entry, coverage.acknowledgement.entry];
    const named = changed(submission, {
      terms: { ...terms, records, entry: records[0] ?? ZERO32 },
    });
    for (const [entries, expected] of [
      [[second], 'REQUEST_MALFORMED'],
      [[first, second, unjudged.acknowledgement], 'REQUEST_MALFORMED'],
      [[first, first], 'REQUEST_MALFORMED'],
    ] as const) {
      assert.equal(await at.outcomeOf({ ...submission, entries }), expected);
    }
    const outcome = await at.outcomeOf({ ...named, entries: [forged, second] });
    assert.equal(outcome, 'EVIDENCE_INVALID');
  });

  it('with a nullifier that is not the treatment’s, or with that of a later version', async () => {
    const { submission } = treated;
    const treatment = `0x${'99'.repeat(32)}` as const;
    assert.equal(await at.outcomeOf(changed(submission, { treatment })), 'REQUEST_MALFORMED');
    assert.equal(
      await at.outcomeOf(changed(submission, { treatment: ZERO32 })),
      'REQUEST_MALFORMED',
    );
  });

  it('whose insurer the patient did not let read exactly these records, for payment, for a short time', async () => {
    const { submission, visit } = treated;
    const [first, second] = submission.openings ?? [];
    assert.ok(first && second);
    const long = await at.permit(visit.record, 'encounters', undefined, {
      until: BEGIN + 200 * 86_400,
    });
    const foreign = await at.permit(visit.record, 'encounters', at.otherInsurer.address);
    const further = await at.permit((await at.write('vitals')).record, 'vitals');
    const terms = { ...first.terms, record: ZERO32 };
    for (const [openings, expected] of [
      [[], 'REQUEST_MALFORMED'],
      [[second], 'REQUEST_MALFORMED'],
      [[first, second, further], 'REQUEST_MALFORMED'],
      [[{ ...first, terms }, second], 'REQUEST_MALFORMED'],
      [[long, second], 'REQUEST_MALFORMED'],
      [[foreign, second], 'RIGHT_MISSING'],
      [[{ ...first, deadline: first.deadline + 1 }, second], 'RIGHT_MISSING'],
    ] as const) {
      assert.equal(await at.outcomeOf({ ...submission, openings }), expected);
    }
  });

  it('whose right the patient ended before', async () => {
    const { submission } = await at.treat();
    const [first] = submission.openings ?? [];
    await revokeRight(at.care.patient, digestOf(at.care.patient, 'Grant', first ?? assert.fail()));
    assert.equal(await at.outcomeOf(submission), 'RIGHT_ENDED');
  });

  it('by a doctor of another organisation, an insurer, or for another claimant', async () => {
    const { submission } = treated;
    const elsewhere = await at.network.party('doctor', { organisation: 'laboratory' });
    const { terms } = submission.request.message as InsuranceClaim;
    const termsOf = ({ address }: Party) => ({
      terms: { ...terms, claimant: address, payee: address },
    });
    const other = changed(submission, termsOf(elsewhere), elsewhere);
    assert.equal(await at.outcomeOf(other, 'laboratory'), 'RIGHT_MISSING');
    const own = changed(submission, termsOf(at.insurer), at.insurer);
    assert.equal(await at.outcomeOf(own, 'insurer'), 'RIGHT_MISSING');
    const foreign = changed(submission, {}, at.care.doctor);
    assert.equal(await at.outcomeOf(foreign), 'RIGHT_MISSING');
  });

  // @actor a claimant | names a doctor as the payee of an account of its own, or somebody by an own address
  it('that tells everybody of the patient or of who treated, or whose accounts are not those of whom it names', async () => {
    const { submission, message } = treated;
    const { patient, doctor } = at.care;
    const { salt: hiding } = message.terms;
    const [first] = submission.entries ?? [];
    const own = ownClaimAccount(patient, hiding);
    const { address } = doctor;
    const shown = { entries: [first ?? assert.fail()] };
    const owner = { address, signers: [address] };
    const [ofDoctor] = accountsOfParty(patient, shown, owner, hiding);
    assert.equal(ofDoctor, ownClaimAccount(doctor, hiding), 'nobody had to ask the doctor');
    assert.ok(ofDoctor);
    const named = (payee: Address) => ({ terms: { ...message.terms, payee } });
    const asPatient = { claimant: patient.address };
    const bare = sign(patient, patient, 'InsuranceClaim', { ...message, ...asPatient });
    for (const [what, given] of [
      ['the patient claims by its own address', { ...submission, request: bare }],
      ['the doctor is paid by its own address', changed(submission, { payee: doctor.address })],
      [
        'both are named truly',
        changed(submission, { ...named(doctor.address), payee: doctor.address }),
      ],
      [
        'the doctor is named for an account of the patient',
        changed(submission, named(doctor.address)),
      ],
      ['the patient for one of the doctor', changed(submission, { payee: ofDoctor })],
      ['nobody for the claimant’s own', changed(submission, named(own))],
      [
        'a party that treated nobody',
        changed(submission, { ...named(at.insurer.address), payee: ofDoctor }),
      ],
    ] as const) {
      assert.equal(await at.outcomeOf(given), 'REQUEST_MALFORMED', what);
    }
    const { cosignature: _none, ...unsigned } = submission;
    const foreign = signForClaim(
      doctor,
      { ...message, claimant: ofDoctor },
      'InsuranceClaim',
      message,
    );
    for (const cosignature of [undefined, foreign.cosignature, submission.request.signature]) {
      const given = { ...unsigned, ...(cosignature && { cosignature }) };
      assert.equal(await at.outcomeOf(given), 'SIGNATURE_INVALID', 'whose account is it?');
    }
    const toDoctor = { ...named(doctor.address), payee: ofDoctor };
    assert.equal(await at.outcomeOf(changed((await at.treat()).submission, {})), 'placed');
    assert.equal(await at.outcomeOf(changed(submission, toDoctor)), 'placed');
  });

  // @actor a claimant who pays a doctor by a key of the doctor, or by an account of another claim | ties doctor and patient, or two claims, together for everybody
  it('with an account that was not made for it: a key of the doctor, or an account of another claim', async () => {
    const { patient } = at.care;
    const doctor = await at.network.party('doctor');
    const { grant } = await grantRight(patient, everything(doctor));
    const visit = await at.write('encounters', doctor, grant);
    const { party: renewed } = await changeKey(doctor, at.network.ports.random(32));
    const { address, primitives } = renewed;
    const { submission, message, coverage } = await at.treat();
    const { entry } = visit.acknowledgement;
    const records = [entry, coverage.acknowledgement.entry];
    const treatment = treatmentNullifier(primitives, at.network.file.networkId, writeOf(visit));
    const [, policy] = submission.openings ?? [];
    const along = {
      entries: [visit.acknowledgement, coverage.acknowledgement],
      openings: [await at.permit(visit.record, 'encounters'), policy ?? assert.fail()],
    };
    const terms = { ...another(message), entry, records, payee: address };
    const paying = (
      payee: Address,
      { keys = [renewed], named = address }: { keys?: readonly Party[]; named?: Address } = {},
    ): Submission => ({
      ...changed(submission, { treatment, terms: { ...terms, payee: named }, payee }),
      ...along,
      bills: at.bills({ treatment, total: message.total }, renewed),
      publicKeys: keys.map(({ keys: own }) => bytesToHex(primitives.publicKey(own.signingKey()))),
    });
    const claimant = ownClaimAccount(patient, salt);
    const held = { ...message, terms: { ...message.terms, salt } };
    const key = keyOfClaimAccount(patient, held, claimant);
    const own = { ...message, claimant };
    const request = sign(patient, patient, 'InsuranceClaim', own);
    const { signature: cosignature } = sign(patient, key ?? assert.fail(), 'InsuranceClaim', own);
    const strange = { ...submission, request, cosignature };
    const signer = renewed.keyChanges?.at(-1)?.message.signer ?? assert.fail();
    const made = ownClaimAccount(renewed, terms.salt);
    for (const [what, given] of [
      ['the present key of the doctor', paying(signer)],
      ['that, named for itself', paying(signer, { named: signer })],
      ['its address, named for itself', paying(address)],
      ['an account of the former key', paying(ownClaimAccount(doctor, terms.salt))],
      [
        'one of the former key, which is shown',
        paying(ownClaimAccount(doctor, terms.salt), { keys: [doctor] }),
      ],
      ['one of the present key, which is not shown', paying(made, { keys: [] })],
      [
        'one of another party, whose key is shown',
        paying(ownClaimAccount(at.care.doctor, terms.salt), { keys: [at.care.doctor] }),
      ],
      ['one of another salt', paying(ownClaimAccount(renewed, salt))],
      [
        'an account of an earlier claim, named for itself',
        paying(placedBefore.payee, { named: placedBefore.payee }),
      ],
      [
        'the salt of an earlier claim',
        { ...changed(submission, { terms: { ...message.terms, salt: placedBefore.terms.salt } }) },
      ],
      ['another account of the claimant', strange],
    ] as const) {
      assert.equal(await at.outcomeOf(given), 'REQUEST_MALFORMED', what);
    }
    assert.equal(await at.outcomeOf(paying(made)), 'placed');
  });

  // @actor a claimant with an authorisation for another patient, or another's authorisation | has a claim taken under it: the contract sees neither patient nor claimant
  it('under an authorisation of another claimant, patient or insurer, or without it in full', async () => {
    const { submission, message } = treated;
    const { patient, doctor } = at.care;
    const ahead = { ...message, treatment: ZERO32, terms: { ...message.terms, entry: ZERO32 } };
    const { handle } = await readPatientState(await at.network.party('patient'));
    const under = (claim: InsuranceClaim): Submission => {
      const authorisation = digestOf(patient, 'InsuranceClaim', claim);
      return { ...changed(submission, { authorisation, terms: another(message) }), claim };
    };
    for (const [what, given] of [
      ['another claimant', { ...ahead, terms: { ...ahead.terms, claimant: doctor.address } }],
      ['another patient', { ...ahead, terms: { ...ahead.terms, handle } }],
      ['another insurer', { ...ahead, insurer: at.otherInsurer.address }],
    ] as const) {
      assert.equal(await at.outcomeOf(under(given)), 'REQUEST_MALFORMED', what);
    }
    const { claim: _none, ...bare } = under(ahead);
    assert.equal(await at.outcomeOf(bare), 'REQUEST_MALFORMED', 'it is not shown');
    const swapped = { ...under(ahead), claim: { ...ahead, amount: 1 } };
    assert.equal(await at.outcomeOf(swapped), 'REQUEST_MALFORMED', 'another one is shown');
    const without = { ...submission, claim: ahead };
    assert.equal(await at.outcomeOf(without), 'REQUEST_MALFORMED', 'none is named');
    const unknown = 'RULE_REFUSED AuthorisationInvalid';
    assert.equal(await at.outcomeOf(under(ahead)), unknown, 'the ledger does not have it');
  });

  it('for a treatment that the patient wrote down itself', async () => {
    const own = await at.write('encounters', at.care.patient);
    const { submission, coverage, message } = treated;
    const { primitives } = at.network.ports;
    const { entry } = own.acknowledgement;
    const records = [entry, coverage.acknowledgement.entry];
    const claim = changed(submission, {
      terms: { ...message.terms, entry, records },
      treatment: treatmentNullifier(primitives, at.network.file.networkId, writeOf(own)),
    });
    const entries = [own.acknowledgement, coverage.acknowledgement];
    assert.equal(await at.outcomeOf({ ...claim, entries }), 'RIGHT_MISSING');
  });

  // @attack whoever claims shows a second insurer a larger bill for one treatment, so that both pay | coordinators ask for the bill that whoever treated signed, and for the patient’s signature under a larger total
  // @attack coordinators are asked about the larger bill before the ledger has the claim with the smaller one, so that the patient need not sign | nobody vouches for a claim that follows an unknown one
  it('whose total whoever treated did not sign, or an insurer was shown a smaller one that the patient did not correct', async () => {
    const { submission, message, visit, coverage } = await at.treat();
    const { doctor, patient, stranger } = at.care;
    const [bill] = submission.bills ?? [];
    assert.ok(bill);
    const first = digestOf(at.insurer, 'InsuranceClaim', message);
    const ahead = changed(submission, { terms: another(message), follows: first, total: 24_000 });
    assert.equal(await at.outcomeOf(ahead), 'NOT_FOUND', 'vouched for before the smaller one');
    const by = (signer: Party): Signed<'Bill'> => sign(signer, signer, 'Bill', bill.message);
    const other = at.bills({ ...message, treatment: ZERO32 });
    for (const [bills, expected] of [
      [[], 'REQUEST_MALFORMED'],
      [[by(patient)], 'REQUEST_MALFORMED'],
      [[by(stranger)], 'REQUEST_MALFORMED'],
      [[bill, by(patient)], 'REQUEST_MALFORMED'],
      [at.bills({ ...message, total: message.total + 1 }), 'REQUEST_MALFORMED'],
      [other, 'REQUEST_MALFORMED'],
      [[{ ...by(patient), party: doctor.address }], 'SIGNATURE_INVALID'],
    ] as const) {
      assert.equal(await at.outcomeOf({ ...submission, bills }), expected);
    }
    assert.equal(await at.outcomeOf(submission), 'placed');
    const terms = { reason: 'not-covered', content: ZERO32, salt } as const;
    const denied = decided(message, { outcome: 2, amount: 0, terms });
    assert.equal(await at.outcomeOf(denied, 'insurer'), 'placed');
    const to = at.otherInsurer.address;
    const follows = digestOf(at.insurer, 'InsuranceClaim', message);
    const openings = [
      await at.permit(visit.record, 'encounters', to),
      await at.permit(coverage.record, 'coverage', to),
    ];
    const more = { terms: another(message), total: 2 * message.total };
    const higher = { insurer: to, follows, ...more };
    const second = { ...changed(submission, higher), openings };
    const larger = await at.outcomeOf(second);
    assert.equal(larger, 'RULE_REFUSED PatientUnsigned', 'a larger total');
    const [raised] = second.bills ?? [];
    assert.ok(raised);
    const consent = sign(patient, patient, 'Bill', raised.message);
    const forged = { ...sign(doctor, doctor, 'Bill', raised.message), party: patient.address };
    const unsigned = { ...second, bills: [raised, forged] };
    assert.equal(await at.outcomeOf(unsigned), 'SIGNATURE_INVALID');
    assert.equal(await at.outcomeOf({ ...second, bills: [raised, consent] }), 'placed');
    const shown = await factsOf(follows);
    const later = digestOf(at.insurer, 'InsuranceClaim', second.request.message as InsuranceClaim);
    assert.equal(shown?.followedBy, later, 'whoever was asked before is told');
  });

  // @attack a thief of a suspended doctor’s key signs a bill | refused
  it('whose bill a suspended party signed', async () => {
    const doctor = await at.network.party('doctor');
    const { grant } = await grantRight(at.care.patient, everything(doctor));
    const visit = await at.write('encounters', doctor, grant);
    const { submission, message, coverage } = await at.treat();
    const { entry } = visit.acknowledgement;
    const records = [entry, coverage.acknowledgement.entry];
    const { primitives } = at.network.ports;
    const treatment = treatmentNullifier(primitives, at.network.file.networkId, writeOf(visit));
    const [, policy] = submission.openings ?? [];
    const claim = {
      ...changed(submission, { treatment, terms: { ...message.terms, entry, records } }),
      entries: [visit.acknowledgement, coverage.acknowledgement],
      openings: [await at.permit(visit.record, 'encounters'), policy ?? assert.fail()],
      bills: at.bills({ treatment, total: message.total }, doctor),
    };
    await suspend(at.network, doctor, 1);
    assert.equal(await at.outcomeOf(claim), 'PARTY_SUSPENDED');
  });

  it('that is late, or names a policy that it does not show', async () => {
    const { submission, message } = treated;
    assert.equal(await at.outcomeOf(changed(submission, { deadline: BEGIN - 1 })), 'REQUEST_LATE');
    const far = changed(submission, { deadline: BEGIN + 15 * 86_400 });
    assert.equal(await at.outcomeOf(far), 'REQUEST_EARLY');
    const terms = { ...message.terms, coverage: message.terms.entry };
    assert.equal(await at.outcomeOf(changed(submission, { terms })), 'REQUEST_MALFORMED');
  });
});

/** A claim that its insurer approved. */
async function paidOnce(): Promise<Treated & { readonly payment: Submission }> {
  const treated = await at.treat();
  assert.equal(await at.outcomeOf(treated.submission), 'placed');
  await at.issue(at.insurer.address, treated.message.amount);
  const payment = decided(treated.message);
  assert.equal(await at.outcomeOf(payment, 'insurer'), 'placed');
  return { ...treated, payment };
}

describe('what is refused of a claim that was made', () => {
  it('a claim doubled at two insurers', async () => {
    const { submission, message, visit, coverage } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    const to = at.otherInsurer.address;
    const openings = [
      await at.permit(visit.record, 'encounters', to),
      await at.permit(coverage.record, 'coverage', to),
    ];
    const doubled = { ...changed(submission, { insurer: to, terms: another(message) }), openings };
    assert.equal(await at.outcomeOf(doubled), 'RULE_REFUSED TreatmentClaimed');
    const digest = digestOf(at.insurer, 'InsuranceClaim', message);
    assert.partialDeepStrictEqual(await factsOf(digest), { state: 'open' });
  });

  it('a decision by another insurer, or on a claim that is not the one that was signed', async () => {
    const { submission, message } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    const foreign = decided(message, {}, at.otherInsurer);
    assert.equal(await at.outcomeOf(foreign, 'laboratory'), 'RIGHT_MISSING');
    const claim = { ...message, amount: 1 };
    const altered = { ...decided(message), claim };
    assert.equal(await at.outcomeOf(altered, 'insurer'), 'REQUEST_MALFORMED');
    const { request } = decided(message);
    assert.equal(await at.outcomeOf({ request }, 'insurer'), 'REQUEST_MALFORMED');
    const unknown = decided(message, { claim: ZERO32 });
    assert.equal(await at.outcomeOf(unknown, 'insurer'), 'NOT_FOUND');
  });

  // @attack the same, through nodes | the same
  it('a bill altered after approval', async () => {
    const { submission, message } = await paidOnce();
    const terms = another(message);
    const bill = `0x${'b2'.repeat(32)}` as const;
    const more = { terms, amount: 1, total: message.total * 2 };
    for (const change of [{ terms: { ...terms, bill } }, more]) {
      const altered = changed(submission, change);
      assert.equal(await at.outcomeOf(altered), 'RULE_REFUSED TreatmentClaimed');
    }
  });

  // @attack a payment is sent to a node again, as it was or signed once more | the same bytes get the first answer; nothing else is taken
  it('payment replayed', async () => {
    const { message, payment } = await paidOnce();
    const { balance } = await readAccount(at.care.patient, message.payee);
    assert.equal(await at.outcomeOf(payment, 'insurer'), 'placed', 'the first answer again');
    const later = decided(message, { deadline: BEGIN + 299 });
    assert.equal(await at.outcomeOf(later, 'insurer'), 'placed', 'the ledger has this step');
    const terms = { reason: 'covered', content: ZERO32, salt: `0x${'78'.repeat(16)}` } as const;
    const other = decided(message, { terms });
    assert.equal(await at.outcomeOf(other, 'insurer'), 'RULE_REFUSED StepUnexpected');
    const next = decided(message, { step: 2 });
    assert.equal(await at.outcomeOf(next, 'insurer'), 'RULE_REFUSED StateUnfit');
    assert.equal((await readAccount(at.care.patient, message.payee)).balance, balance, 'held');
  });

  // @attack a verifier who was not drawn, or was enrolled after the claim, judges | k coordinators vouch for none but the drawn ones
  // @attack a verifier of a side’s own organisation judges | refused
  // @attack a verifier of the payee’s organisation judges a claim | refused
  it('a dispute with another lot, and a judgement of who was not drawn, is of a side, or counts others', async () => {
    const own = await at.network.party('verifier', { organisation: 'insurer' });
    const ofPatient = await at.network.party('verifier', { organisation: 'hospital' });
    const { message } = await paidOnce();
    const late = await at.network.party('verifier', { organisation: 'laboratory' });
    const { patient } = at.care;
    const claim = digestOf(at.insurer, 'InsuranceClaim', message);
    const step = { claim, step: 2, deadline: BEGIN + 300 };
    const disputing = (lot: Bytes32): Submission => {
      const asked = { ...step, party: message.claimant, lot, terms: { reason: 'x', salt } };
      return { ...signForClaim(patient, message, 'DisputeClaim', asked), claim: message };
    };
    assert.equal(await at.outcomeOf(disputing(ZERO32)), 'RULE_REFUSED LotInvalid');
    assert.equal(await at.outcomeOf(disputing(LOT)), 'placed');
    const judging = (by: Party, drawn = 1): Submission => {
      const found = { safe: true, drawn, terms: { log: ZERO32, block: 0, reason: 'x', salt } };
      const judged = { ...step, step: 3, verifier: by.address, ...found };
      return { request: sign(by, by, 'ClaimJudgement', judged), claim: message };
    };
    assert.equal(
      await at.outcomeOf(judging(at.verifier)),
      'RULE_REFUSED VerifierInvalid',
      'nobody is drawn before both lots are open',
    );
    const agent = at.network.agent('hospital');
    for (const lot of [ZERO32, claim]) {
      const guessed = agent.settle({ due: 'lot', claim: message, lot });
      await assert.rejects(guessed, failsWith('RULE_REFUSED', { reason: 'LotInvalid' }));
    }
    await agent.settle({ due: 'lot', claim: message, lot: LOT });
    assert.deepEqual(await agent.settle({ due: 'lot', claim: message, lot: LOT }), {});
    const facts = await factsOf(claim);
    const ranked = facts?.ranking?.map(({ organisation }) => organisation).toSorted();
    assert.deepEqual(ranked, ['hospital', 'laboratory'], 'none of the insurer');
    assert.equal(facts?.state, 'drawn');
    for (const [by, drawn] of [
      [own, 1],
      [ofPatient, 1],
      [late, 1],
      [at.verifier, 2],
    ] as const) {
      assert.equal(await at.outcomeOf(judging(by, drawn)), 'RULE_REFUSED VerifierInvalid');
    }
    assert.equal(await at.outcomeOf(judging(at.verifier)), 'placed');
    assert.partialDeepStrictEqual(await factsOf(claim), { state: 'judged', safe: true, step: 3 });
  });

  it('an insurer that looks after its claim closed, once the patient ended its rights', async () => {
    const { submission, message } = await at.treat();
    assert.equal(await at.outcomeOf(submission), 'placed');
    const [grant] = submission.openings ?? [];
    assert.ok(grant);
    const wanted = { handle: at.care.handle, grant, purpose: 'HPAYMT' } as const;
    await at.network.checkpoint();
    assert.equal((await readChart(at.insurer, wanted)).records.length, 1);
    const denied = decided(message, {
      outcome: 2,
      amount: 0,
      terms: { reason: 'not-covered', content: ZERO32, salt },
    });
    assert.equal(await at.outcomeOf(denied, 'insurer'), 'placed');
    await revokeRight(at.care.patient, digestOf(at.care.patient, 'Grant', grant));
    await assert.rejects(readChart(at.insurer, wanted), failsWith('RIGHT_ENDED'));
  });
});
