import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { everything } from '../../../node/test/testNetwork.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { startClaimCase, type ClaimCase } from '../../../services/care/claims/test/claimCase.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { changeKey } from '../../party/changeKey.ts';
import type { Party } from '../../party/Party.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { ownClaimAccount } from './claimAccount.ts';
import { signBill } from './bills.ts';
import { confirmClaim } from './confirmClaim.ts';
import { decideClaim } from './decideClaim.ts';
import { permitClaim } from './permitClaim.ts';
import { prepareClaim, type ClaimPrepared, type NewClaim } from './prepareClaim.ts';
import { disputeClaim } from './disputeClaim.ts';
import { drawVerifiers } from './drawVerifiers.ts';
import { examineDispute, judgeClaim } from './judgeClaim.ts';
import { listClaims } from './readClaims.ts';
import { submitClaim, type ClaimSubmitted } from './submitClaim.ts';

let at: ClaimCase;
before(async () => {
  at = await startClaimCase();
});
after(async () => await at.network.close());

async function newDoctor(): Promise<{ readonly doctor: Party; readonly grant: Grant }> {
  const doctor = await at.network.party('doctor');
  const { grant } = await grantRight(at.care.patient, everything(doctor));
  return { doctor, grant };
}

async function renewed(party: Party): Promise<Party> {
  return (await changeKey(party, at.network.ports.random(32))).party;
}

/** A claim for a treatment of a doctor, who makes it, or of another, by the patient. */
async function wantedOf(doctor: Party, grant: Grant, own = false): Promise<NewClaim> {
  const visit = await at.write('encounters', doctor, grant);
  const { record: coverage } = await at.write('coverage');
  const right = own ? {} : ({ grant, purpose: 'TREAT' } as const);
  const lines = [{ service: 'Consultation', units: 8_000 }];
  const sides = { handle: at.care.handle, insurer: at.insurer.address };
  const billed = { handle: at.care.handle, treatment: visit.record, total: 8_000, grant };
  const bill = own && { bill: await signBill(doctor, billed) };
  const papers = { coverage, treatment: visit.record, ...bill };
  return { ...sides, ...right, ...papers, lines, currency: 'EUR' };
}

/** The same claim with a bill that the doctor's present key signed: nodes take no other. */
async function billedAgain(doctor: Party, grant: Grant, wanted: NewClaim): Promise<NewClaim> {
  const { handle, treatment = handle } = wanted;
  return { ...wanted, bill: await signBill(doctor, { handle, treatment, total: 8_000, grant }) };
}

async function submitted(party: Party, prepared: ClaimPrepared): Promise<ClaimSubmitted> {
  return await submitClaim(party, prepared, await permitClaim(at.care.patient, prepared));
}

describe('an authorisation', () => {
  // @actor a claimant's change of key | loses the authorisation, whose account the former key had
  it('is used up by a claim that its claimant makes after a change of key', async () => {
    const { doctor, grant } = await newDoctor();
    const { treatment, ...ahead } = await wantedOf(doctor, grant);
    const asked = await submitted(doctor, await prepareClaim(doctor, ahead));
    await at.network.checkpoint();
    await listClaims(at.insurer);
    const until = seconds(at.network.clock) + 86_400;
    await decideClaim(at.insurer, asked.digest, { outcome: 'approve', reason: 'covered', until });
    const changed = await renewed(doctor);
    assert.ok(treatment);
    const wanted = { ...ahead, treatment, authorisation: asked.digest };
    const prepared = await prepareClaim(changed, wanted);
    const { facts } = await submitted(changed, prepared);
    assert.equal(facts.state, 'open');
    const { state, claimant } = await confirmClaim(changed, asked.digest);
    assert.equal(state, 'used');
    assert.notEqual(facts.claimant, claimant, 'nobody pays an account of the former key');
  });
});

describe('a dispute', () => {
  // @attack a side, or the verifier, changed its key since it committed to its lot, so that it loses the dispute | lots follow from former keys too
  it('goes on after both sides and the verifier changed their keys', async () => {
    const { doctor, grant } = await newDoctor();
    const { network } = at;
    const insurer = await network.party('insurer', { organisation: 'insurer' });
    const wanted = { ...(await wantedOf(doctor, grant)), insurer: insurer.address };
    const { digest } = await submitted(doctor, await prepareClaim(doctor, wanted));
    await network.checkpoint();
    await listClaims(insurer);
    await decideClaim(insurer, digest, { outcome: 'deny', reason: 'not-covered' });
    const claimant = await renewed(doctor);
    const payer = await renewed(insurer);
    await disputeClaim(claimant, digest, { reason: 'It is covered' });
    const { facts } = await drawVerifiers(payer, digest);
    assert.equal(facts.state, 'drawn');
    await drawVerifiers(claimant, digest);
    const verifier = await renewed(at.verifier);
    await checkInbox(verifier);
    const judged = await judgeClaim(verifier, digest, await examineDispute(verifier, digest));
    assert.deepEqual([judged.facts.state, judged.facts.safe], ['judged', true]);
    const again = await renewed(payer);
    const appeal = { reason: 'It is not', appeal: true };
    assert.equal((await disputeClaim(again, digest, appeal)).facts.state, 'drawn');
  });
});

describe('a claim that pays a party', () => {
  // @actor a thief of a former key of whoever treated | is paid by a claim of today: the account followed from the key in the first entry
  it('pays an account of its present key, also for a record from before the change', async () => {
    const { doctor, grant } = await newDoctor();
    const { patient } = at.care;
    const wanted = { ...(await wantedOf(doctor, grant, true)), payee: doctor.address };
    const changed = await renewed(doctor);
    const prepared = await prepareClaim(patient, await billedAgain(changed, grant, wanted));
    const { terms, payee } = prepared.message;
    assert.equal(payee, ownClaimAccount(changed, terms.salt));
    assert.notEqual(payee, ownClaimAccount(doctor, terms.salt), 'a thief has that key');
    assert.equal((await submitted(patient, prepared)).facts.payee, payee);
  });

  // @actor a claim that was prepared before a change of the payee's or the claimant's key | goes to the ledger with accounts of the former key
  it('is prepared again if the payee or the claimant changed its key meanwhile', async () => {
    const { doctor, grant } = await newDoctor();
    const { patient } = at.care;
    const wanted = { ...(await wantedOf(doctor, grant, true)), payee: doctor.address };
    const before = await prepareClaim(patient, wanted);
    const changed = await renewed(doctor);
    const stale = submitted(patient, before);
    await assert.rejects(stale, failsWith('REQUEST_MALFORMED', { what: 'payee' }));
    const after = await prepareClaim(patient, await billedAgain(changed, grant, wanted));
    assert.equal(after.message.payee, ownClaimAccount(changed, after.message.terms.salt));
    assert.equal((await submitted(patient, after)).facts.state, 'open');
    const own = await wantedOf(changed, grant);
    const first = await prepareClaim(changed, own);
    const twice = await renewed(changed);
    const refused = submitted(twice, first);
    await assert.rejects(refused, failsWith('REQUEST_MALFORMED', { what: 'account' }));
    const { facts } = await submitted(twice, await prepareClaim(twice, own));
    assert.equal(facts.state, 'open');
  });
});
