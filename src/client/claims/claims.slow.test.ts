// Over 400 lines: the steps of claims are taken on one network, each on what the one before left.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addressOf } from '../../crypto/addressOf.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { createValidator } from '../../fhir/createValidator.ts';
import type { Claim, ClaimResponse, ExplanationOfBenefit } from '@medplum/fhirtypes';
import { BEGIN, behind } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { startClaimCase, type ClaimCase } from '../../services/care/claims/test/claimCase.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import type { Base64 } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { checkInbox } from '../letters/checkInbox.ts';
import { sendLetter } from '../letters/letters.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { addRecord } from '../records/addRecord.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { claimAccounts, type ClaimAccount } from './claimAccount.ts';
import { recordOfClaim } from './claimRecord.ts';
import { evidencePieces } from './evidencePieces.ts';
import { examineClaim, type AgentOf } from './examineClaim.ts';
import { disputesTold } from './keptClaimSteps.ts';
import { knownClaims } from './knownClaims.ts';
import type { Party } from '../party/Party.ts';
import { listGrants } from '../rights/listGrants.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { collectClaim, lapseClaim } from './lapseClaim.ts';
import { clearAccount } from '../units/clearAccount.ts';
import { readAccount } from '../units/readUnits.ts';
import { redeemUnits, signRedemption } from '../units/redeemUnits.ts';
import { confirmRedemption, parseRedemption } from '../units/redemptionFile.ts';
import { digestOf, sign } from '../../protocol/signing.ts';
import { makeClaimResponse } from '../../fhir/claims/makeClaimResponse.ts';
import { readBundle } from '../records/readBundle.ts';
import { readChart } from '../records/readChart.ts';
import { standingIn } from '../../fhir/effectiveResource.ts';
import { explainClaim } from './explainClaim.ts';
import { confirmClaim } from './confirmClaim.ts';
import { decideClaim } from './decideClaim.ts';
import { disputeClaim } from './disputeClaim.ts';
import { examineDispute, judgeClaim, type ClaimJudged } from './judgeClaim.ts';
import { endClaimRights, permitClaim } from './permitClaim.ts';
import { prepareClaim, type NewClaim } from './prepareClaim.ts';
import { listClaims, readClaim, requireKnownClaim } from './readClaims.ts';
import { refundClaim, type RefundChoice } from './refundClaim.ts';
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

async function treated(change: Partial<NewClaim> = {}): Promise<NewClaim> {
  const visit = await at.write('encounters');
  const coverage = await at.write('coverage');
  return {
    handle: at.care.handle,
    insurer: at.insurer.address,
    coverage: coverage.record,
    treatment: visit.record,
    lines: [
      { service: 'Consultation', units: 8_050 },
      { service: 'Blood count', units: 1_925 },
    ],
    currency: 'EUR',
    ...change,
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
  return (await listClaims(party)).map(({ digest }) => digest);
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
  it('is seen by its insurer alone, read with its papers, and paid in part', async () => {
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
    assert.deepEqual([paid.facts.state, paid.facts.paid, paid.already], ['approved', 9_000, false]);
    assert.equal((await checkInbox(at.care.patient)).claimSteps, 1);
    const [listed] = await listClaims(at.care.patient);
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

describe('a refund', () => {
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

  /** Units that the claim has paid and that were not given back, and whether a refund was done before. */
  async function refunded(
    party: Party,
    ...[amount, choice]: [amount: number, choice?: RefundChoice]
  ): Promise<readonly [number, boolean]> {
    const { facts, already } = await refundClaim(party, digest, amount, choice);
    return [facts.paid, already];
  }

  it('gives nothing back twice when it is run again, on whichever device', async () => {
    const { doctor } = at.care;
    assert.deepEqual(await refunded(doctor, 1_000), [8_975, false]);
    assert.deepEqual(await refunded(doctor, 1_000), [8_975, true]);
    assert.deepEqual(await refunded(doctor, 200), [8_775, false]);
    assert.deepEqual(await refunded(doctor, 1_000), [8_775, true], 'another one came between');
    const restored = { ...doctor, device: memoryDevice() };
    assert.deepEqual(await refunded(restored, 1_000), [8_775, true]);
  });

  it('gives nothing back twice after its answer was lost, and a further one if it is asked to', async () => {
    const { doctor } = at.care;
    const cut = behind(doctor, {
      submit: async (submissions) => {
        const outcome = await doctor.agent.submit(submissions);
        if (outcome.some((each) => each?.outcome === 'placed')) throw new Error('cut off');
        return outcome;
      },
    });
    await assert.rejects(refunded(cut, 1_000, { again: true }), /cut off/);
    assert.deepEqual(await refunded(doctor, 1_000, { again: true }), [7_775, true]);
    assert.deepEqual(await refunded(doctor, 1_000, { again: true }), [6_775, false]);
    await assert.rejects(refunded(cut, 300), /cut off/);
    const restored = { ...doctor, device: memoryDevice() };
    assert.deepEqual(await refunded(restored, 300), [6_475, true]);
    assert.deepEqual(await refunded(doctor, 300), [6_475, true]);
  });

  it('is not made while the node does not tell which refunds the ledger has', async () => {
    for (const answer of [[], [null], 'yes', [{ outcome: 'acknowledged' }]]) {
      const submit = (async () => await Promise.resolve(answer)) as never;
      const refund = refunded(behind(at.care.doctor, { submit }), 50);
      await assert.rejects(refund, failsWith('PEER_MALFORMED'));
    }
    assert.equal((await confirmClaim(at.care.doctor, digest)).paid, 6_475);
  });

  it('leaves less in the explanation that the claimant writes by its right', async () => {
    const { doctor, patient, right } = at.care;
    const choice = { grant: right.grant, purpose: 'TREAT' } as const;
    await assert.rejects(explainClaim(patient, digest), failsWith('NOT_FOUND'), 'nobody told it');
    await checkInbox(doctor);
    const { record, explanation } = await explainClaim(doctor, digest, choice);
    assert.deepEqual(sumsOf(explanation), [99.75, 64.75, 35]);
    const chart = await readChart(patient, { handle: at.care.handle, purpose: 'PATRQT' });
    const found = chart.records.find((each) => each.record === record);
    assert.deepEqual([found?.author, found?.category], [doctor.address, 'billing']);
  });

  it('is not explained by a decision that the ledger does not have', async () => {
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
      otherAmount: 0,
      until: 0,
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
  it('is judged by the log at its organisation, if the verifier’s own node has no copy or an older one', async () => {
    await at.write('reports');
    await at.network.checkpoint();
    const old = await at.verifier.agent.checkpoint(at.care.patient.log);
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'deny', reason: 'not-necessary' });
    const dispute = { verifier: at.verifier.address, reason: 'It was necessary' };
    await disputeClaim(at.care.patient, digest, dispute);
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
    assert.deepEqual([examined.safe, facts.state], [true, 'open']);
  });

  it('is judged by its verifier alone and by what its side showed whole, and a safe claim is open again', async () => {
    // More than one letter holds.
    const lines = Array.from({ length: 300 }, () => ({ service: 'Bandage', units: 30 }));
    const { digest } = await submitClaim(at.care.patient, await treated({ lines }));
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'deny', reason: 'not-necessary' });
    const dispute = { verifier: at.verifier.address, reason: 'It was necessary' };
    const own = await at.network.party('verifier', { organisation: 'insurer' });
    const ofInsurer = { ...dispute, verifier: own.address };
    await assert.rejects(
      disputeClaim(at.care.patient, digest, ofInsurer),
      refused('VerifierInvalid'),
    );
    const { agent } = at.care.patient;
    const unheard = behind(at.care.patient, {
      send: async (letter) => {
        if (letter.request.message.to !== at.insurer.address) return await agent.send(letter);
        throw new MedsealError('QUOTA_SPENT', { what: 'letters' });
      },
    });
    await assert.rejects(disputeClaim(unheard, digest, dispute), failsWith('QUOTA_SPENT'));
    await checkInbox(at.verifier);
    assert.equal((await disputesTold(at.verifier, digest)).length, 1, 'told all the same');
    const { facts } = await disputeClaim(at.care.patient, digest, dispute);
    assert.deepEqual([facts.state, facts.verifier], ['disputed', at.verifier.address]);
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
      verifier: at.verifier.address,
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
    assert.deepEqual([judged.examined.safe, judged.facts.state], [true, 'open']);
    await at.write('reports');
    assert.deepEqual(await judgedAs(at.verifier, digest), { ...judged, already: true });
    const again = await disputeClaim(at.care.patient, digest, dispute);
    assert.deepEqual([again.already, again.facts.state], [true, 'open']);
    await checkInbox(at.insurer);
    const [listed] = (await listClaims(at.insurer)).filter((each) => each.digest === digest);
    const steps = listed?.told.map(({ request }) => request.type);
    assert.deepEqual(steps, ['DisputeClaim', 'ClaimJudgement']);
  });

  it('of a log that is not what it should be takes the payment back', async () => {
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_975);
    await decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
    const dispute = { verifier: at.verifier.address, reason: 'The log was changed' };
    await disputeClaim(at.insurer, digest, dispute);
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
    await assert.rejects(collectClaim(at.insurer, digest), refused('StateUnfit'));
    const { patient } = at.care;
    const account = await paidBy(digest);
    const { address } = account;
    await spend(account, (await readAccount(patient, address)).balance - 75);
    const { examined, facts } = await judgedAs(lying, digest);
    assert.deepEqual([examined.safe, examined.log], [false, 'care/hospital']);
    assert.deepEqual([facts.state, facts.paid], ['reversed', 9_900], '75 were there');
    await assert.rejects(collectClaim(at.insurer, digest), refused('FundsMissing'));
    assert.equal((await readAccount(patient, address)).debt, 9_900);
    await at.issue(address, 10_000);
    const collected = await collectClaim(at.insurer, digest);
    assert.deepEqual([collected.facts.paid, collected.already], [0, false]);
    const { balance, debt } = await readAccount(patient, address);
    assert.deepEqual([balance, debt], [100, 0]);
    assert.equal((await collectClaim(patient, digest)).already, true, 'nothing is taken twice');
    assert.equal((await readAccount(patient, address)).balance, 100);
  });
});

describe('what an insurer asks for, and gets back', () => {
  it('is given with further records, which it then reads, and a payee gives back a part', async () => {
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    await decideClaim(at.insurer, digest, { outcome: 'ask', reason: 'more-needed' });
    const { record } = await at.write('reports');
    const { facts } = await supplementClaim(at.care.patient, digest, { records: [record] });
    assert.deepEqual([facts.state, facts.step], ['open', 2]);
    const twice = await supplementClaim(at.care.patient, digest, { records: [record] });
    assert.deepEqual([twice.already, twice.facts.step], [true, 2]);
    await at.network.checkpoint();
    await checkInbox(at.insurer);
    const { records } = await readClaim(at.insurer, digest);
    assert.ok(records.some((each) => each.record.record === record));
    // The letter came to the other device, which tells of it.
    const second = { ...at.insurer, device: memoryDevice() };
    await checkInbox(second);
    const readAgain = await readClaim(second, digest);
    assert.deepEqual(
      readAgain.told.map(({ request }) => request),
      (await readClaim(at.insurer, digest)).told.map(({ request }) => request),
    );
    assert.ok(readAgain.records.some((each) => each.record.record === record));
    await at.issue(at.insurer.address, 9_975);
    await decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
    await assert.rejects(refundClaim(at.care.patient, digest, 9_976), refused('AmountExceeded'));
    await assert.rejects(refundClaim(at.insurer, digest, 1), failsWith('RIGHT_MISSING'));
    assert.equal((await refundClaim(at.care.patient, digest, 975)).facts.paid, 9_000);
    assert.equal(await endClaimRights(at.care.patient, digest), 5, 'with the further record');
  });

  it('is given back, and redeemed, by the key that was paid, which nobody enrolled', async () => {
    const { patient } = at.care;
    const { primitives, random } = at.network.ports;
    const makeKey = (): Required<RefundChoice>['payee'] => {
      const signingKey = random(32);
      return { address: addressOf(primitives, primitives.publicKey(signingKey)), signingKey };
    };
    const [payee, stolen] = [makeKey(), makeKey()];
    const { digest } = await submitClaim(patient, await treated({ payee: payee.address }));
    await at.network.checkpoint();
    await at.issue(at.insurer.address, 9_975);
    await decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
    const own = (await readAccount(patient)).balance;
    const other = { payee: { ...stolen, address: payee.address } };
    await assert.rejects(refundClaim(patient, digest, 900), failsWith('RIGHT_MISSING'));
    await assert.rejects(
      refundClaim(patient, digest, 900, { payee: stolen }),
      failsWith('RIGHT_MISSING'),
    );
    await assert.rejects(refundClaim(patient, digest, 900, other), failsWith('SIGNATURE_INVALID'));
    for (const already of [false, true]) {
      const given = await refundClaim(patient, digest, 900, { payee });
      assert.deepEqual([given.facts.paid, given.already], [9_075, already]);
    }
    const seat = at.network.authorityKeys[0] ?? assert.fail();
    const terms = { organisation: 'hospital', amount: 9_000 };
    const forged = await signRedemption(patient, { ...terms, account: other.payee });
    await assert.rejects(redeemUnits(patient, seat, forged), failsWith('SIGNATURE_INVALID'));
    const file = await signRedemption(patient, { ...terms, account: payee });
    await redeemUnits(patient, seat, parseRedemption(JSON.stringify(file)));
    assert.equal((await readAccount(patient, payee.address)).balance, 75);
    assert.equal((await readAccount(patient)).balance, own, 'the patient’s own account is another');
  });

  it('in advance is an authorisation, which one claim uses up', async () => {
    const { treatment, ...ahead } = await treated();
    const asked = await submitClaim(at.care.patient, ahead);
    await at.network.checkpoint();
    const yes = { outcome: 'approve', reason: 'covered' } as const;
    await assert.rejects(decideClaim(at.insurer, asked.digest, yes), failsWith('ARGUMENT_INVALID'));
    const { facts } = await decideClaim(at.insurer, asked.digest, {
      ...yes,
      until: BEGIN + 86_400,
    });
    assert.deepEqual([facts.state, facts.paid], ['approved', 9_975]);
    const wanted = { ...ahead, treatment: treatment ?? assert.fail(), authorisation: asked.digest };
    await submitClaim(at.care.patient, wanted);
    assert.equal((await confirmClaim(at.care.patient, asked.digest)).state, 'used');
    const again = { ...(await treated()), authorisation: asked.digest };
    await assert.rejects(submitClaim(at.care.patient, again), refused('AuthorisationInvalid'));
  });
});

describe('an insurer’s list of claims', () => {
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
  });

  it('papers, once the patient ended the insurer’s rights', async () => {
    const { digest } = await submitClaim(at.care.patient, await treated());
    await at.network.checkpoint();
    const { records } = await readClaim(at.insurer, digest);
    const visit = records.find(({ record }) => record.category === 'encounters')?.record.record;
    const given = (await listGrants(at.care.patient)).filter(({ grant }) => {
      return grant?.terms.record === visit;
    });
    for (const each of given) await revokeRight(at.care.patient, each.digest);
    const unseen = decideClaim(at.insurer, digest, { outcome: 'approve', reason: 'covered' });
    await assert.rejects(unseen, failsWith('NOT_FOUND', { what: 'record' }));
    assert.equal(await endClaimRights(at.care.patient, digest), 3);
    await assert.rejects(readClaim(at.insurer, digest), failsWith('NOT_FOUND'));
    const denial = { outcome: 'deny', reason: 'not-covered' } as const;
    await assert.rejects(decideClaim(at.insurer, digest, denial), failsWith('NOT_FOUND'));
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
  it('is closed by anybody once its term is over, and its treatment is claimed again', async () => {
    const wanted = await treated();
    const { digest, facts } = await submitClaim(at.care.patient, wanted);
    await assert.rejects(lapseClaim(at.insurer, digest), refused('TermRuns'));
    await assert.rejects(lapseClaim(at.insurer, wanted.handle), failsWith('NOT_FOUND'));
    for (const asked of [{ due: 'pay' }, { due: 'lapse', claim: '0x12' }, undefined]) {
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
    await assert.rejects(lapseClaim(at.verifier, digest), refused('TermRuns'), 'its last second');
    at.network.clock.advance(1000);
    const both = [lapseClaim(at.verifier, digest), lapseClaim(at.care.patient, digest)];
    const lapsed = await Promise.all(both);
    assert.deepEqual(lapsed.filter(({ already }) => already).length, 1);
    assert.deepEqual(
      lapsed.map(({ facts: { state, paid } }) => [state, paid]),
      [
        ['lapsed', 0],
        ['lapsed', 0],
      ],
    );
    assert.equal((await lapseClaim(at.insurer, digest)).already, true);
    const [listed] = (await listClaims(at.care.patient)).filter((each) => each.digest === digest);
    assert.equal(listed?.facts.state, 'lapsed');
    await assert.rejects(submitClaim(at.care.patient, wanted), refused('TreatmentClaimed'));
    const again = await submitClaim(at.care.patient, { ...wanted, follows: digest });
    assert.deepEqual([again.facts.state, again.facts.before], ['open', 0]);
  });
});

describe('payments in a network that nets them', () => {
  it('are cleared by their sum after the period, by anybody, those who owe first', async (t) => {
    const period = 3_600;
    const netting = await startClaimCase({ term: 86_400, period });
    t.after(async () => await netting.network.close());
    const { care, insurer, otherInsurer: anybody, network } = netting;
    const { message, submission } = await netting.treat();
    assert.equal(await netting.outcomeOf(submission), 'placed');
    await netting.issue(insurer.address, 12_000);
    const claim = digestOf(care.patient, 'InsuranceClaim', message);
    const terms = { reason: 'covered', content: claim, salt: message.terms.salt } as const;
    const decision = { claim, step: 1, outcome: 1, amount: 9_000, otherAmount: 0, until: 0, terms };
    const deadline = BEGIN + 300;
    const request = sign(insurer, insurer, 'ClaimDecision', { ...decision, deadline });
    assert.equal(await netting.outcomeOf({ request, claim: message }), 'placed');
    const owing = await readAccount(insurer);
    assert.deepEqual([owing.balance, owing.position], [12_000, -9_000]);
    await assert.rejects(clearAccount(anybody, insurer.address), refused('ClearingEarly'));
    assert.equal((await clearAccount(anybody)).already, true, 'it has no position');
    network.clock.advance(period * 1000);
    const early = clearAccount(care.patient, message.payee);
    await assert.rejects(early, refused('NothingToClear'), 'nobody paid in');
    const paid = await clearAccount(anybody, insurer.address);
    assert.deepEqual([paid.account.balance, paid.account.position], [3_000, 0]);
    const { account, already } = await clearAccount(care.patient, message.payee);
    assert.deepEqual([account.balance, account.position, already], [9_000, 0, false]);
    assert.equal((await clearAccount(anybody, message.payee)).already, true);
  });
});
