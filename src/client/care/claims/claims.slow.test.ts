// Over 400 lines: the steps of claims are taken on one network, each on what the one before left.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { loadFhirDefinitions } from '../../../node/loadFhirDefinitions.ts';
import { createValidator } from '../../../fhir/createValidator.ts';
import type { Claim, ClaimResponse, ExplanationOfBenefit } from '@medplum/fhirtypes';
import { furtherDevice } from '../../../node/test/furtherDevice.ts';
import { BEGIN, behind } from '../../../node/test/testNetwork.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { startClaimCase, type ClaimCase } from '../../../services/care/claims/test/claimCase.ts';
import { encodePart } from '../../../fhir/encodePart.ts';
import { partOfResource } from '../../../fhir/partOfResource.ts';
import type { Base64 } from '../../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { sendLetter } from '../../letters/letters.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { addRecord } from '../../records/addRecord.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import { claimAccounts, type ClaimAccount } from './claimAccount.ts';
import { recordOfClaim } from './claimRecord.ts';
import { evidencePieces } from './evidencePieces.ts';
import { examineClaim, type AgentOf } from './examineClaim.ts';
import { disputesTold } from './keptClaimSteps.ts';
import { knownClaims } from './knownClaims.ts';
import { SimulatedDevice } from '../../../../proof/simulation/SimulatedDevice.ts';
import type { Party } from '../../party/Party.ts';
import { listGrants } from '../../rights/listGrants.ts';
import { revokeRight } from '../../rights/revokeRight.ts';
import { restorePatient } from '../../state/restorePatient.ts';
import { lapseClaim } from './lapseClaim.ts';
import { readAccount } from '../units/readUnits.ts';
import { redeemUnits, signRedemption } from '../units/redeemUnits.ts';
import { confirmRedemption } from '../units/redemptionFile.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { makeClaimResponse } from '../../../fhir/claims/makeClaimResponse.ts';
import { readBundle } from '../records/readBundle.ts';
import { readChart } from '../../records/readChart.ts';
import { standingIn } from '../../../fhir/effectiveResource.ts';
import { explainClaim } from './explainClaim.ts';
import { confirmClaim } from './confirmClaim.ts';
import { decideClaim } from './decideClaim.ts';
import { disputeClaim } from './disputeClaim.ts';
import { examineDispute, judgeClaim, type ClaimJudged } from './judgeClaim.ts';
import { endClaimRights, permitClaim } from './permitClaim.ts';
import { prepareClaim, type NewClaim } from './prepareClaim.ts';
import { listClaims, readClaim, requireKnownClaim } from './readClaims.ts';
import { agreeToBill, formatBill, lowerTotalBefore, parseBill, signBill } from './bills.ts';
import { formatClaimFile, parseClaimFile } from './claimFile.ts';
import { drawVerifiers } from './drawVerifiers.ts';
import { submitClaim } from './submitClaim.ts';
import { prepareSupplement, supplementClaim } from './supplementClaim.ts';
import { withdrawClaim } from './withdrawClaim.ts';

/** Examines a dispute and signs what was found. */
async function judgedAs(party: Party, digest: Bytes32, agentOf?: AgentOf): Promise<ClaimJudged> {
  const shown = await examineDispute(party, digest, agentOf ? { agentOf } : {});
  return await judgeClaim(party, digest, shown);
}

const CLAIM: Claim = {
  resourceType: 'Claim',
  status: 'active',
  type: { text: 'any' },
  use: 'claim',
  patient: { display: 'any' },
  created: '2026-01-01',
  provider: { display: 'any' },
  priority: { text: 'any' },
  insurance: [],
};

let at: ClaimCase;

before(async () => {
  at = await startClaimCase();
});
after(async () => {
  assert.deepEqual(at.network.failures, []);
  await at.network.close();
});

function sumOf(lines: NewClaim['lines']): number {
  return lines.reduce((sum, { units }) => sum + units, 0);
}

async function treated(change: Partial<NewClaim> = {}): Promise<NewClaim> {
  const visit = await at.write('encounters');
  const coverage = await at.write('coverage');
  const { handle, right } = at.care;
  const lines = [
    { service: 'Consultation', units: 8_050 },
    { service: 'Blood count', units: 1_925 },
  ];
  const wanted = { lines, ...change };
  const treatment = visit.record;
  const total = sumOf(wanted.lines);
  const bill = await signBill(at.care.doctor, { handle, treatment, total, grant: right.grant });
  return {
    handle,
    insurer: at.insurer.address,
    coverage: coverage.record,
    treatment,
    bill,
    currency: 'EUR',
    ...wanted,
  };
}

const refused = (reason: string): ((error: unknown) => boolean) =>
  failsWith('RULE_REFUSED', { reason });

/** Amounts of an explanation: asked for, paid, left. */
function sumsOf({ total }: ExplanationOfBenefit): readonly (number | undefined)[] {
  return (total ?? []).map(({ amount }) => amount.value);
}

/** Digests of the claims that a party sees. */
async function seenBy(party: Party): Promise<readonly string[]> {
  return (await listClaims(party)).claims.map(({ digest }) => digest);
}

/** The account that a claim paid to the patient. */
async function paidBy(digest: Bytes32): Promise<ClaimAccount> {
  const accounts = await claimAccounts(at.care.patient);
  return accounts.find(({ claim }) => claim === digest) ?? assert.fail();
}

/** The patient has units of a claim redeemed, so that they are not there any more. */
async function spend(account: ClaimAccount, amount: number): Promise<void> {
  const { patient } = at.care;
  const file = await signRedemption(patient, { organisation: 'hospital', amount, account });
  assert.equal((await confirmRedemption(at.insurer, file)).party, patient.address);
  // Whoever gets hold of the file cannot put their own name in.
  const { signature } = sign(at.insurer, at.insurer, 'RedeemUnits', file.request.message);
  const stolen = { ...file, owner: at.insurer.address };
  for (const owned of [file.account, file.account && { ...file.account, signature }]) {
    const named = { ...stolen, ...(owned && { account: owned }) };
    await assert.rejects(confirmRedemption(at.insurer, named), failsWith('SIGNATURE_INVALID'));
  }
  await redeemUnits(at.insurer, at.network.authorityKeys[0] ?? assert.fail(), file);
}

describe('a claim, from the patient to the insurer and back', () => {
  it('is seen by its insurer alone, read with its papers, and approved in part', async () => {
    const wanted = await treated();
    const { digest, facts, already } = await submitClaim(at.care.patient, wanted);
    assert.deepEqual([facts.state, facts.amount, already], ['open', 9_975, false]);
    await at.network.checkpoint();
    assert.deepEqual(await seenBy(at.otherInsurer), []);
    assert.deepEqual(await seenBy(at.insurer), [digest]);
    const early = explainClaim(at.care.patient, digest);
    await assert.rejects(early, failsWith('ARGUMENT_INVALID'), 'not decided');
    const { bill, claim, records } = await readClaim(at.insurer, digest);
    assert.deepEqual([bill.totalGross?.value, claim.total?.value], [99.75, 99.75]);
    assert.equal(records.length, 4, 'visit, policy, bill and claim');
    await at.issue(at.insurer.address, 9_975);
    const decision = { outcome: 'approve', reason: 'partly-covered', amount: 9_000 } as const;
    const paid = await decideClaim(at.insurer, digest, decision);
    assert.deepEqual(
      [paid.facts.state, paid.facts.approved, paid.already],
      ['approved', 9_000, false],
    );
    assert.equal((await checkInbox(at.care.patient)).claimSteps, 1);
    const [listed] = (await listClaims(at.care.patient)).claims;
    const response = listed?.told[0]?.resource as ClaimResponse;
    assert.deepEqual(
      [response.disposition, response.payment?.amount?.value],
      ['partly-covered', 90],
    );
    const { explanation, record, already: written } = await explainClaim(at.care.patient, digest);
    assert.equal(written, false);
    assert.deepEqual(
      [explanation.outcome, explanation.payment?.amount?.value, ...sumsOf(explanation)],
      ['complete', 90, 99.75, 90, 9.75],
    );
    const again = await explainClaim(at.care.patient, digest);
    assert.deepEqual([again.record, again.explanation, again.already], [record, explanation, true]);
    const entry = [bill, claim, response, explanation].map((resource) => ({ resource }));
    const validator = createValidator(loadFhirDefinitions());
    validator.validateBundle({ resourceType: 'Bundle', type: 'collection', entry });
  });

  it('is permitted by no other patient, to whom its file is handed', async () => {
    const { grant } = at.care.right;
    const prepared = await prepareClaim(at.care.doctor, await treated({ grant, purpose: 'TREAT' }));
    const other = await at.network.party('patient');
    await assert.rejects(permitClaim(other, prepared), failsWith('RIGHT_MISSING'));
    assert.deepEqual(await listGrants(other), []);
  });

  // @attack a claim for a patient to permit names another party as its insurer | refused before a right is given
  it('is made by the doctor who treated, once the patient allowed it', async () => {
    const { grant } = at.care.right;
    const wanted = await treated({ grant, purpose: 'TREAT' });
    await assert.rejects(submitClaim(at.care.doctor, wanted), failsWith('RIGHT_MISSING'));
    const prepared = await prepareClaim(at.care.doctor, wanted);
    await assert.rejects(permitClaim(at.care.doctor, prepared), failsWith('NOT_FOUND'));
    const message = { ...prepared.message, insurer: at.care.stranger.address };
    const toStranger = permitClaim(at.care.patient, { ...prepared, message });
    await assert.rejects(toStranger, failsWith('ARGUMENT_INVALID'));
    const permits = await permitClaim(at.care.patient, prepared);
    assert.deepEqual(await permitClaim(at.care.patient, prepared), permits, 'safe to repeat');
    const made = await submitClaim(at.care.doctor, prepared, permits);
    assert.equal(made.digest, prepared.digest);
    assert.equal((await submitClaim(at.care.doctor, prepared, permits)).already, true);
    await at.network.checkpoint();
    await decideClaim(at.insurer, made.digest, { outcome: 'ask', reason: 'more-needed' });
    const { record } = await at.write('reports');
    const more = { grant, purpose: 'TREAT', records: [record] } as const;
    const further = await prepareSupplement(at.care.doctor, made.digest, more);
    assert.deepEqual(further.records, [{ record, category: 'reports' }]);
    const unpermitted = supplementClaim(at.care.doctor, made.digest, {
      ...more,
      permits: permits.slice(0, 1),
    });
    await assert.rejects(unpermitted, failsWith('REQUEST_MALFORMED'), 'rights to other records');
    const absent = { ...more, records: [made.digest] };
    const unknown = prepareSupplement(at.care.doctor, made.digest, absent);
    await assert.rejects(unknown, failsWith('NOT_FOUND'));
    const permitted = { ...more, permits: await permitClaim(at.care.patient, further) };
    const answered = await supplementClaim(at.care.doctor, made.digest, permitted);
    assert.deepEqual([answered.facts.state, answered.facts.step], ['open', 2]);
    const { facts } = await withdrawClaim(at.care.doctor, made.digest);
    assert.equal(facts.state, 'withdrawn');
    const restored = { ...at.care.doctor, device: memoryDevice() };
    for (const device of [at.care.doctor, restored])
      assert.equal((await withdrawClaim(device, made.digest)).already, true);
  });

  // @class a store that grows with ordinary use, and from which nothing leaves | is full after years
  it('leaves nothing of its draft on the device once it was submitted', async () => {
    const { device } = at.care.patient;
    assert.ok(device instanceof SimulatedDevice);
    const drafts = (): readonly string[] =>
      [...device.sizes.keys()].filter((name) => /^(?:added-)?claim-/.test(name)).toSorted();
    // Tests before this one prepared claims that were never submitted.
    const before = drafts();
    await submitClaim(at.care.patient, await treated());
    assert.deepEqual(drafts(), before);
  });

  it('is the same claim after an answer was lost', async () => {
    const wanted = await treated();
    const { agent } = at.care.patient;
    const cut = behind(at.care.patient, {
      submit: async (submissions) => {
        const outcome = await agent.submit(submissions);
        if (submissions[0]?.request.type === 'InsuranceClaim') throw new Error('cut off');
        return outcome;
      },
    });
    await assert.rejects(submitClaim(cut, wanted), /cut off/);
    const { digest, already } = await submitClaim(at.care.patient, wanted);
    assert.equal(already, true);
    await at.network.checkpoint();
    const lost = behind(at.insurer, {
      submit: async (submissions) => {
        const outcome = await at.insurer.agent.submit(submissions);
        if (submissions[0]?.request.type === 'ClaimDecision') throw new Error('cut off');
        return outcome;
      },
    });
    const denial = { outcome: 'deny', reason: 'not-covered' } as const;
    await assert.rejects(decideClaim(lost, digest, denial), /cut off/);
    const decided = await decideClaim(at.insurer, digest, denial);
    assert.deepEqual(
      [decided.already, decided.facts.state, decided.facts.step],
      [true, 'denied', 1],
    );
    assert.deepEqual(await decideClaim(at.insurer, digest, denial), decided, 'after its success');
    const other = { outcome: 'deny', reason: 'not-necessary' } as const;
    await assert.rejects(decideClaim(at.insurer, digest, other), refused('StateUnfit'));
    assert.deepEqual(await decideClaim(at.insurer, digest, denial), decided, 'it is still known');
    const elsewhere = { ...at.insurer, device: memoryDevice() };
    await assert.rejects(decideClaim(elsewhere, digest, denial), refused('StateUnfit'));
  });
});

describe('the explanation of a claim that whoever treated made', () => {
  let digest: Bytes32;
  before(async () => {
    const { grant } = at.care.right;
    const prepared = await prepareClaim(at.care.doctor, await treated({ grant, purpose: 'TREAT' }));
    const permits = await permitClaim(at.care.patient, prepared);
    ({ digest } = await submitClaim(at.care.doctor, prepared, permits));
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_975);
    await decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
  });

  it('is written by the claimant, by its right', async () => {
    const { doctor, patient, right } = at.care;
    const choice = { grant: right.grant, purpose: 'TREAT' } as const;
    await assert.rejects(explainClaim(patient, digest), failsWith('NOT_FOUND'), 'nobody told it');
    await checkInbox(doctor);
    const { record, explanation } = await explainClaim(doctor, digest, choice);
    assert.deepEqual(sumsOf(explanation), [99.75, 99.75]);
    const chart = await readChart(patient, { handle: at.care.handle, purpose: 'PATRQT' });
    const found = chart.records.find((each) => each.record === record);
    assert.deepEqual([found?.author, found?.category], [doctor.address, 'billing']);
  });

  // @attack an insurer tells the claimant of a decision that it did not send to the ledger | no explanation is written from it
  it('is not made from a decision that the ledger does not have', async () => {
    const { doctor, right } = at.care;
    const choice = { grant: right.grant, purpose: 'TREAT' } as const;
    const liar = { ...doctor, device: memoryDevice() };
    const { claim, currency } = await readClaim(doctor, digest);
    const told = { claim, digest, reason: 'covered', currency, at: BEGIN } as const;
    const resource = makeClaimResponse({ ...told, outcome: 'approve', units: 9_975 });
    const terms = { reason: 'covered', content: contentHash(doctor.primitives, resource) } as const;
    const request = sign(at.insurer, at.insurer, 'ClaimDecision', {
      claim: digest,
      step: 1,
      outcome: 1,
      amount: 9_975,
      until: 0,
      lotHash: digest,
      terms: { ...terms, salt: `0x${'0'.repeat(32)}` },
      deadline: BEGIN + 300,
    });
    await sendLetter(at.insurer, doctor.address, { claimStep: { request, resource } });
    // Its other devices know the true decision, and would tell it.
    const alone = behind(liar, {
      collect: async (wanted) => {
        const letters = await liar.agent.collect(wanted);
        return letters.filter((each) => each.request.party !== doctor.address);
      },
    });
    await checkInbox(alone);
    await assert.rejects(
      explainClaim(alone, digest, choice),
      failsWith('CLAIM_ALTERED', { what: 'decision' }),
    );
  });
});

const SOUND = 'every hash and signature is right';

async function nothing(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_FOUND', { what: 'log' }));
}

describe('a dispute', () => {
  // @attack a verifier’s own node has no copy of a log, or one without the claim’s entries, so that an honest claim is found not safe | the log is read at its organisation as well
  it('is judged by the log at its organisation, if the verifier’s own node has no copy or an older one', async () => {
    await at.write('reports');
    await at.network.checkpoint();
    const old = await at.verifier.agent.checkpoint(at.care.patient.log);
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'deny', reason: 'not-necessary' });
    await disputeClaim(at.care.patient, digest, { reason: 'It was necessary' });
    await drawn(digest, at.care.patient);
    await checkInbox(at.verifier);
    const [told] = await disputesTold(at.verifier, digest);
    const { evidence } = told ?? assert.fail();
    const without = behind(at.verifier, { receipt: nothing, checkpoint: nothing, tile: nothing });
    await assert.rejects(examineClaim(without, evidence), failsWith('NOT_FOUND'));
    const { agent } = at.verifier;
    const late = behind(at.verifier, {
      receipt: async (query) => {
        return query.index < old.size ? await agent.receipt(query) : await nothing();
      },
      checkpoint: async () => await Promise.resolve(old),
    });
    assert.equal((await examineClaim(late, evidence)).reason, 'the log does not have the entry');
    const asked: string[] = [];
    const agentOf = (organisation: string): typeof agent => {
      asked.push(organisation);
      return at.network.agent(organisation);
    };
    for (const party of [without, late]) {
      const { safe, reason } = await examineClaim(party, evidence, agentOf);
      assert.deepEqual([safe, reason], [true, SOUND]);
    }
    assert.deepEqual(asked, ['hospital', 'hospital']);
    const broken = (): typeof agent => without.agent;
    assert.equal((await examineClaim(late, evidence, broken)).safe, false);
    await assert.rejects(examineDispute(without, digest), failsWith('NOT_FOUND'));
    const { examined, facts } = await judgedAs(without, digest, agentOf);
    assert.deepEqual([examined.safe, facts.state, facts.safe], [true, 'judged', true]);
  });

  // @attack a side of a dispute hands the verifier evidence that lacks an entry, or was altered, so that the payment is taken back | what one side did not show convicts nobody, and an entry is looked for in the whole log
  // @attack the other side writes to the verifier of a dispute that it did not raise | the evidence is that of the side whose dispute the ledger has
  // @attack a claim has so many papers that its evidence is larger than a letter, or a side’s mailbox is full, so that the verifier is told nothing | the evidence goes in pieces, to the verifier first
  // @actor a log, or a node, that changes between the look and the click | has a verifier who read “Safe” sign “Not safe”, or the other way
  it('is judged by its verifier alone and by what its side showed whole', async () => {
    // More than one letter holds.
    const lines = Array.from({ length: 300 }, () => ({ service: 'Bandage', units: 30 }));
    const { digest } = await submitClaim(at.care.patient, await treated({ lines }));
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'deny', reason: 'not-necessary' });
    const dispute = { reason: 'It was necessary' };
    const own = await at.network.party('verifier', { organisation: 'insurer' });
    const appeal = disputeClaim(at.care.patient, digest, { ...dispute, appeal: true });
    await assert.rejects(appeal, refused('StateUnfit'), 'nothing is judged yet');
    const { agent } = at.care.patient;
    const unheard = behind(at.care.patient, {
      send: async (letter) => {
        if (letter.request.message.to !== at.insurer.address) return await agent.send(letter);
        throw new MedsealError('QUOTA_SPENT', { what: 'letters' });
      },
    });
    await assert.rejects(disputeClaim(unheard, digest, dispute), failsWith('QUOTA_SPENT'));
    const { facts } = await disputeClaim(at.care.patient, digest, dispute);
    assert.deepEqual([facts.state, facts.ranking], ['disputed', undefined]);
    await assert.rejects(drawVerifiers(own, digest), failsWith('NOT_FOUND'));
    await drawVerifiers(at.care.patient, digest);
    assert.equal(
      (await confirmClaim(at.insurer, digest)).state,
      'disputed',
      'the other side opens',
    );
    await assert.rejects(lapseClaim(at.care.patient, digest), refused('TermRuns'));
    await drawn(digest, at.care.patient);
    await checkInbox(at.verifier);
    assert.equal((await disputesTold(at.verifier, digest)).length, 1);
    await assert.rejects(examineDispute(own, digest), failsWith('NOT_FOUND'));
    const { message, claim, bill, entries } = await readClaim(at.insurer, digest);
    const [first, ...others] = entries;
    assert.ok(first);
    const whole = { message, claim, bill, entries };
    const forged = { ...first, verdicts: first.verdicts.map((each) => ({ ...each, index: 1 })) };
    for (const shown of [others, [...others, forged]]) {
      const part = examineClaim(at.verifier, { ...whole, entries: shown });
      await assert.rejects(part, failsWith('EVIDENCE_INVALID'));
    }
    const elsewhere = { ...first, index: first.index + 1 };
    const more = { ...forged, entry: message.terms.salt.padEnd(66, '0') as Bytes32 };
    for (const shown of [
      [...others, elsewhere],
      [more, ...others, first],
    ]) {
      const examined = await examineClaim(at.verifier, { ...whole, entries: shown });
      assert.deepEqual([examined.safe, examined.reason], [true, SOUND]);
    }
    // The insurer disputes nothing, and writes to the verifier all the same.
    const counter = sign(at.insurer, at.insurer, 'DisputeClaim', {
      claim: digest,
      step: facts.step + 1,
      party: at.insurer.address,
      lot: digest,
      terms: { reason: 'x', salt: message.terms.salt },
      deadline: BEGIN + 300,
    });
    await checkInbox(at.verifier);
    const [evidence] = evidencePieces({ ...whole, entries: others });
    assert.ok(evidence);
    await sendLetter(at.insurer, at.verifier.address, {
      claimStep: { request: counter, evidence },
    });
    await checkInbox(at.verifier);
    const seen = await examineDispute(at.verifier, digest);
    const late = judgeClaim(at.verifier, digest, { ...seen, step: seen.step - 1 });
    await assert.rejects(late, failsWith('RULE_REFUSED', { reason: 'StepUnexpected' }));
    // The verdict that was shown is signed, though another look would find another end of the log, or none.
    await at.write('reports');
    const blind = behind(at.verifier, { checkpoint: nothing });
    await assert.rejects(examineDispute(blind, digest));
    const judged = await judgeClaim(blind, digest, seen);
    const { safe, log, block, reason } = seen;
    assert.deepEqual(judged.examined, { safe, log, block, reason });
    assert.deepEqual([judged.examined.safe, judged.facts.state], [true, 'judged']);
    await at.write('reports');
    assert.deepEqual(await judgedAs(at.verifier, digest), { ...judged, already: true });
    const again = await disputeClaim(at.care.patient, digest, dispute);
    assert.deepEqual([again.already, again.facts.state], [true, 'judged']);
    await checkInbox(at.insurer);
    const [listed] = (await listClaims(at.insurer)).claims.filter((each) => each.digest === digest);
    const steps = listed?.told.map(({ request }) => request.type);
    assert.deepEqual(steps, ['DisputeClaim', 'ClaimJudgement']);
  });

  it('of a log that is not what it should be is judged not safe, and an appeal by all third organisations is final', async () => {
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_975);
    const { balance } = await readAccount(at.insurer);
    await decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
    assert.equal((await readAccount(at.insurer)).balance, balance - 9_975, 'held');
    assert.equal((await readAccount(at.care.patient, (await paidBy(digest)).address)).balance, 0);
    await disputeClaim(at.insurer, digest, { reason: 'The log was changed' });
    await drawn(digest, at.insurer);
    await checkInbox(at.verifier);
    const second = { ...at.verifier, device: memoryDevice() };
    await checkInbox(second);
    assert.equal((await disputesTold(second, digest)).length, 1, 'its other device was told');
    const lying = behind(second, {
      tile: async (query) => {
        const tile = await at.verifier.agent.tile(query);
        return query.level === 'entries' ? tile : `0x${'00'.repeat(32)}${tile.slice(66)}`;
      },
    });
    const { examined, facts } = await judgedAs(lying, digest);
    assert.deepEqual([examined.safe, examined.log], [false, 'care/hospital']);
    assert.deepEqual([facts.state, facts.safe, facts.approved], ['judged', false, 9_975]);
    const { patient } = at.care;
    const appealed = await disputeClaim(patient, digest, { reason: 'It was not', appeal: true });
    assert.deepEqual([appealed.facts.state, appealed.facts.round], ['drawn', 2]);
    await checkInbox(at.verifier);
    const final = await judgedAs(at.verifier, digest);
    assert.deepEqual([final.examined.safe, final.facts.state], [true, 'paid']);
    assert.equal((await readAccount(patient, (await paidBy(digest)).address)).balance, 9_975);
    const again = disputeClaim(at.insurer, digest, { reason: 'Once more', appeal: true });
    await assert.rejects(again, refused('StateUnfit'));
  });
});

/** The other side opens its lot, and the disputing one sends the evidence. */
async function drawn(digest: Bytes32, by: Party): Promise<void> {
  const other = by === at.insurer ? at.care.patient : at.insurer;
  assert.equal((await drawVerifiers(other, digest)).facts.state, 'drawn');
  assert.equal((await drawVerifiers(other, digest)).already, true, 'safe to repeat');
  for (const _twice of [1, 2]) await drawVerifiers(by, digest);
}

describe('what an insurer asks for', () => {
  // @attack an insurer reads a further record after the patient ended the rights of the claim | they end together
  // @attack the same, with rights that another device of the patient gave | a device takes the newest state before it says that nobody knows a right
  it('is given with further records, which it then reads', async () => {
    const insurer = await at.network.party('insurer', { organisation: 'insurer' });
    const phone = await furtherDevice(at.network, at.care.patient);
    await restorePatient(phone);
    const { digest } = await submitClaim(
      at.care.patient,
      await treated({ insurer: insurer.address }),
    );
    await at.network.checkpoint();
    await decideClaim(insurer, digest, { outcome: 'ask', reason: 'more-needed' });
    const { record } = await at.write('reports');
    const { facts } = await supplementClaim(at.care.patient, digest, { records: [record] });
    assert.deepEqual([facts.state, facts.step], ['open', 2]);
    const twice = await supplementClaim(at.care.patient, digest, { records: [record] });
    assert.deepEqual([twice.already, twice.facts.step], [true, 2]);
    await at.network.checkpoint();
    await checkInbox(insurer);
    const { records } = await readClaim(insurer, digest);
    assert.ok(records.some((each) => each.record.record === record));
    // The letter came to the other device, which tells of it.
    const second = { ...insurer, device: memoryDevice() };
    await checkInbox(second);
    const readAgain = await readClaim(second, digest);
    assert.deepEqual(
      readAgain.told.map(({ request }) => request),
      (await readClaim(insurer, digest)).told.map(({ request }) => request),
    );
    assert.ok(readAgain.records.some((each) => each.record.record === record));
    await at.issue(insurer.address, 9_975);
    await decideClaim(insurer, digest, { outcome: 'approve', reason: 'covered' });
    // It knows nothing of what was permitted on the other device.
    assert.equal(await endClaimRights(phone, digest), 5, 'with the further record');
    assert.equal(await endClaimRights(at.care.patient, digest), 0);
  });

  // @attack a patient ends the rights of one claim, and with them those that the insurer needs in a dispute of another that it denied | they stay while that can be disputed
  it('stays readable of a claim that was denied while that can be disputed, though rights of another claim end', async () => {
    const insurer = await at.network.party('insurer', { organisation: 'insurer' });
    const { patient } = at.care;
    const submit = async (): Promise<Bytes32> => {
      const { digest } = await submitClaim(patient, await treated({ insurer: insurer.address }));
      await at.network.checkpoint();
      return digest;
    };
    const [denied, other] = [await submit(), await submit()];
    await decideClaim(insurer, denied, { outcome: 'deny', reason: 'not-covered' });
    assert.equal(await endClaimRights(patient, other), 4);
    await assert.rejects(readClaim(insurer, other), failsWith('NOT_FOUND'));
    assert.equal((await readClaim(insurer, denied)).records.length, 4);
    await disputeClaim(patient, denied, { reason: 'It is covered' });
    assert.equal(await endClaimRights(patient, other), 0);
    assert.equal(await endClaimRights(patient, denied), 4, 'its own the patient ends at any time');
  });

  it('in advance is an authorisation, which one claim uses up', async () => {
    const { treatment, bill, ...ahead } = await treated();
    const asked = await submitClaim(at.care.patient, ahead);
    await at.network.checkpoint();
    const yes = { outcome: 'approve', reason: 'covered' } as const;
    await assert.rejects(decideClaim(at.insurer, asked.digest, yes), failsWith('ARGUMENT_INVALID'));
    const { facts } = await decideClaim(at.insurer, asked.digest, {
      ...yes,
      until: BEGIN + 86_400,
    });
    assert.deepEqual([facts.state, facts.approved], ['approved', 9_975]);
    const whole = { ...ahead, treatment: treatment ?? assert.fail(), bill: bill ?? assert.fail() };
    const wanted = { ...whole, authorisation: asked.digest };
    await submitClaim(at.care.patient, wanted);
    assert.equal((await confirmClaim(at.care.patient, asked.digest)).state, 'used');
    const again = { ...(await treated()), authorisation: asked.digest };
    await assert.rejects(submitClaim(at.care.patient, again), refused('AuthorisationInvalid'));
  });
});

describe('an insurer’s list of claims', () => {
  // @attack a patient seals keys to nobody, so that an insurer’s list of claims ends there | the claims of the other patients are listed
  // @attack one record holds thousands of claims that an insurer asks coordinators about for ever | a record has one claim
  it('has one claim of each record, however many the record holds, and all of the other patients', async () => {
    const { grant } = at.care.right;
    const right = { grant, purpose: 'TREAT' } as const;
    const prepared = await prepareClaim(at.care.doctor, await treated(right));
    const named = prepared.message.terms.records.slice(0, -1);
    const salts = ['a1', 'a2', 'a3'].map((byte) => `0x${byte.repeat(16)}` as const);
    const many = salts.map((salt) => {
      const claim: Claim = { ...CLAIM, id: salt };
      const terms = { ...prepared.message.terms, salt, records: named };
      const content = contentHash(at.insurer.primitives, claim);
      const message = { ...prepared.message, terms: { ...terms, content } };
      return { resource: recordOfClaim({ claim, message }) };
    });
    const part = partOfResource(prepared.message.terms.salt, 'billing', CLAIM);
    const content = encodePart({ ...part, entries: many });
    const { record } = await addRecord(at.care.doctor, {
      handle: at.care.handle,
      category: 'billing',
      content,
      ...right,
    });
    await at.permit(record, 'billing');
    await at.network.checkpoint();
    // One of the patients sealed the keys to somebody else.
    const sealed: Base64 = 'AAAA';
    const { agent } = at.insurer;
    let spoilt = 0;
    const misled = behind(at.insurer, {
      submit: async (submissions) => {
        const outcomes = await agent.submit(submissions);
        return outcomes.map((each) => {
          if (!('release' in each) || each.release?.packet === undefined || spoilt > 0) return each;
          spoilt += 1;
          return { ...each, release: { ...each.release, packet: sealed } };
        });
      },
    });
    await listClaims(misled);
    assert.equal(spoilt, 1);
    await listClaims(at.insurer);
    const known = (await knownClaims(at.insurer)).filter(({ message }) => {
      return salts.some((salt) => salt === message.terms.salt);
    });
    assert.equal(known.length, 1);
  });

  it('says how many bills and claims could not be read, which may hold more', async () => {
    const insurer = await at.network.party('insurer', { organisation: 'insurer' });
    const wanted = await treated({ insurer: insurer.address });
    const { digest } = await submitClaim(at.care.patient, wanted);
    await at.network.checkpoint();
    let away = true;
    const party = behind(insurer, {
      download: (ticket, file, range) => {
        if (away) throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
        return insurer.agent.download(ticket, file, range);
      },
    });
    assert.deepEqual(await listClaims(party), { claims: [], unread: 2 });
    away = false;
    const { claims, unread } = await listClaims(party);
    assert.deepEqual([claims.map((each) => each.digest), unread], [[digest], 0]);
  });
});

describe('what is refused', () => {
  it('a claim doubled at two insurers, until the first has decided; then the rest', async () => {
    const wanted = await treated();
    const { digest } = await submitClaim(at.care.patient, wanted);
    const elsewhere = { ...wanted, insurer: at.otherInsurer.address };
    await assert.rejects(submitClaim(at.care.patient, elsewhere), refused('TreatmentClaimed'));
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_000);
    const part = { outcome: 'approve', reason: 'partly-covered', amount: 9_000 } as const;
    await decideClaim(at.insurer, digest, part);
    const more = { ...elsewhere, follows: digest };
    await assert.rejects(submitClaim(at.care.patient, more), refused('AmountExceeded'));
    const rest = await submitClaim(at.care.patient, { ...more, amount: 975 });
    assert.deepEqual([rest.facts.state, rest.facts.before], ['open', 9_000]);
    const told = (await readClaim(at.insurer, digest)).beside;
    assert.deepEqual(
      told.map(({ facts: { insurer }, isLater }) => [insurer, isLater]),
      [[at.otherInsurer.address, true]],
    );
    await at.network.checkpoint();
    await listClaims(at.otherInsurer);
    const [first] = (await readClaim(at.otherInsurer, rest.digest)).beside;
    const { approved, total } = first?.facts ?? {};
    assert.deepEqual(
      [first?.digest, approved, total, first?.isLater],
      [digest, 9_000, 9_975, false],
    );
  });

  // @attack the same, with a prepared claim and the patient’s permission | refused, unless the patient saw both totals and signed
  it('a larger bill for a second insurer, unless the patient signs it too', async () => {
    const { doctor, patient, right } = at.care;
    const by = { grant: right.grant, purpose: 'TREAT' } as const;
    const { bill: _bill, ...wanted } = await treated(by);
    const first = await prepareClaim(doctor, wanted);
    const { digest } = await submitClaim(doctor, first, await permitClaim(patient, first));
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'deny', reason: 'not-covered' });
    const lines = [{ service: 'Consultation', units: 30_000 }];
    const elsewhere = { ...wanted, insurer: at.otherInsurer.address, follows: digest, lines };
    const larger = await prepareClaim(doctor, elsewhere);
    const permits = await permitClaim(patient, larger);
    const unsigned = submitClaim(doctor, larger, permits);
    await assert.rejects(unsigned, failsWith('RULE_REFUSED', { reason: 'PatientUnsigned' }));
    assert.equal(await lowerTotalBefore(patient, larger), 9_975);
    const file = formatClaimFile(await agreeToBill(patient, larger), permits);
    const { prepared } = parseClaimFile(doctor, file);
    const made = await submitClaim(doctor, prepared, permits);
    assert.deepEqual([made.facts.state, made.facts.total], ['open', 30_000]);
    assert.equal(await agreeToBill(patient, first), first, 'nothing to agree to');
  });

  it('a bill of another treatment, total or author', async () => {
    const [wanted, other] = [await treated(), await treated()];
    const { patient, doctor, stranger, right, handle } = at.care;
    const { bill, ...without } = wanted;
    const terms = { handle, treatment: wanted.treatment ?? assert.fail(), grant: right.grant };
    const less = await signBill(doctor, { ...terms, total: 1 });
    for (const given of [undefined, other.bill, less]) {
      const claim = { ...without, ...(given && { bill: given }) };
      await assert.rejects(submitClaim(patient, claim), failsWith('ARGUMENT_INVALID'));
    }
    const foreign = signBill(patient, {
      handle,
      treatment: terms.treatment,
      total: 1,
      purpose: 'PATRQT',
    });
    await assert.rejects(foreign, failsWith('RIGHT_MISSING'));
    await assert.rejects(signBill(stranger, { ...terms, total: 1 }));
    assert.deepEqual(parseBill(formatBill(bill ?? assert.fail())), bill);
    assert.throws(() => parseBill('{}'), failsWith('ARGUMENT_INVALID'));
  });

  // @attack a patient ends the right to one record of a claim before the insurer sees it | the insurer approves nothing that it did not read whole
  it('papers, once the patient ended the insurer’s rights', async () => {
    const insurer = await at.network.party('insurer', { organisation: 'insurer' });
    const { digest } = await submitClaim(
      at.care.patient,
      await treated({ insurer: insurer.address }),
    );
    await at.network.checkpoint();
    const { records } = await readClaim(insurer, digest);
    const visit = records.find(({ record }) => record.category === 'encounters')?.record.record;
    const given = (await listGrants(at.care.patient)).filter(({ grant }) => {
      return grant?.terms.record === visit;
    });
    for (const each of given) await revokeRight(at.care.patient, each.digest);
    const unseen = decideClaim(insurer, digest, { outcome: 'approve', reason: 'covered' });
    await assert.rejects(unseen, failsWith('NOT_FOUND', { what: 'record' }));
    assert.equal(await endClaimRights(at.care.patient, digest), 3);
    await assert.rejects(readClaim(insurer, digest), failsWith('NOT_FOUND'));
    const denial = { outcome: 'deny', reason: 'not-covered' } as const;
    await assert.rejects(decideClaim(insurer, digest, denial), failsWith('NOT_FOUND'));
  });

  it('a claim of another’s patient, or for a record that is not on the chart', async () => {
    const wanted = await treated();
    const lost = { ...wanted, treatment: wanted.handle };
    await assert.rejects(submitClaim(at.care.patient, lost), failsWith('NOT_FOUND'));
    await assert.rejects(withdrawClaim(at.insurer, wanted.handle), failsWith('NOT_FOUND'));
  });
});

// The clock of the whole network moves on: it comes last.
describe('a claim that nobody decides', () => {
  // @attack somebody closes a claim while its insurer may still decide, or has a node send transactions that change nothing | refused before it costs a transaction
  it('is closed by anybody once its term is over, and its treatment is claimed again', async () => {
    const wanted = await treated();
    const { digest, facts } = await submitClaim(at.care.patient, wanted);
    await at.network.checkpoint();
    await assert.rejects(lapseClaim(at.insurer, digest), refused('TermRuns'));
    const held = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_975);
    await decideClaim(at.insurer, held.digest, { outcome: 'approve', reason: 'covered' });
    await assert.rejects(lapseClaim(at.insurer, held.digest), refused('TermRuns'));
    await assert.rejects(lapseClaim(at.insurer, wanted.handle), failsWith('NOT_FOUND'));
    for (const asked of [{ due: 'pay' }, { due: 'lapse', claim: digest }, undefined]) {
      const settled = at.insurer.agent.settle(asked as never);
      await assert.rejects(settled, failsWith('REQUEST_MALFORMED'));
    }
    const gone = await submitClaim(at.care.patient, await treated());
    await withdrawClaim(at.care.patient, gone.digest);
    const left = await lapseClaim(at.care.patient, gone.digest);
    assert.deepEqual([left.facts.state, left.already], ['withdrawn', true], 'nobody waits for it');
    const chart = await readChart(at.care.patient, { handle: wanted.handle, purpose: 'PATRQT' });
    const { message } = await requireKnownClaim(at.care.patient, gone.digest);
    const paper = chart.records.find(
      ({ acknowledgement: { entry } }) => entry === message.terms.records.at(-1),
    );
    const found = await readBundle(at.care.patient, chart, paper ?? assert.fail());
    const statuses = found.complete
      ? found.bundle.entry?.map(({ resource }) => [resource?.resourceType, standingIn(resource)])
      : [];
    assert.deepEqual(
      statuses?.filter(([type]) => type === 'Claim'),
      [['Claim', 'withdrawn']],
    );
    at.network.clock.advance((facts.due - BEGIN) * 1000);
    await assert.rejects(lapseClaim(at.insurer, digest), refused('TermRuns'), 'its last second');
    at.network.clock.advance(1000);
    const both = [lapseClaim(at.insurer, digest), lapseClaim(at.care.patient, digest)];
    const lapsed = await Promise.all(both);
    assert.deepEqual(lapsed.filter(({ already }) => already).length, 1);
    assert.deepEqual(
      lapsed.map(({ facts: { state, approved } }) => [state, approved]),
      [
        ['lapsed', 0],
        ['lapsed', 0],
      ],
    );
    assert.equal((await lapseClaim(at.insurer, digest)).already, true);
    assert.equal((await lapseClaim(at.care.patient, held.digest)).facts.state, 'paid');
    const account = await paidBy(held.digest);
    assert.equal((await readAccount(at.care.patient, account.address)).balance, 9_975);
    await spend(account, 9_975);
    assert.equal((await readAccount(at.care.patient, account.address)).balance, 0);
    const late = disputeClaim(at.insurer, held.digest, { reason: 'Too late' });
    await assert.rejects(late, refused('StateUnfit'));
    const [listed] = (await listClaims(at.care.patient)).claims.filter(
      (each) => each.digest === digest,
    );
    assert.equal(listed?.facts.state, 'lapsed');
    await assert.rejects(submitClaim(at.care.patient, wanted), refused('TreatmentClaimed'));
    const again = await submitClaim(at.care.patient, { ...wanted, follows: digest });
    assert.deepEqual([again.facts.state, again.facts.before], ['open', 0]);
  });
});
