import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { changeRecipient } from '../../node/test/changeRecipient.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import type { Party } from '../party/Party.ts';
import { acceptRecipient } from '../rights/acceptRecipient.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listChangedRecipients } from '../rights/listChangedRecipients.ts';
import { listGrants } from '../rights/listGrants.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { applyRules } from './applyRules.ts';
import { addRule, removeRule } from './changeRules.ts';
import type { PermitRule } from './StandingRule.ts';

const HOUR = 3600;
let network: TestNetwork;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** A patient whose rule gives a doctor a right of ten hours again and again. */
async function ruled(): Promise<{ patient: Party; doctor: Party; rule: PermitRule }> {
  const patient = await network.party('patient');
  await commitEpochs(patient, 8);
  const doctor = await network.party('doctor');
  const rule: PermitRule = {
    name: 'my doctor',
    kind: 'permit',
    parties: [doctor.address],
    categories: ['vitals', 'billing'],
    actions: ['read'],
    purpose: 'TREAT',
    renew: 10 * HOUR,
  };
  await addRule(patient, rule);
  await applyRules(patient);
  return { patient, doctor, rule };
}

describe('rights that a rule renews', () => {
  // @class a bounded store that grows with ordinary use, and from which nothing leaves | is full after months
  // @actor a patient with standing rules, by months of renewals | fills the state with openings, so that no right can be given, not in an emergency
  it('use up neither the state nor the ledger’s list of the chart', async () => {
    const { patient } = await ruled();
    const sizes: (readonly number[])[] = [];
    for (let time = 0; time < 9; time++) {
      network.clock.advance(6 * HOUR * 1000);
      await applyRules(patient);
      const { handle, grants: known } = await readPatientState(patient);
      const { grants = [] } = await confirmFacts(patient, { handle, grants: true });
      sizes.push([known.length, grants.length]);
      assert.ok((await listGrants(patient)).some(({ state }) => state === 'holds'));
    }
    for (const [known = 0, active = 0] of sizes) {
      assert.ok(known <= 7 && active <= 3, JSON.stringify(sizes));
    }
  });

  it('leave the state only after a day, so that a repeated command finds what it ended', async () => {
    const { patient } = await ruled();
    const [right] = await listGrants(patient);
    await revokeRight(patient, right?.digest ?? '0x');
    const known = async (): Promise<number> => (await readPatientState(patient)).grants.length;
    await refreshPackets(patient);
    assert.equal(await known(), 1);
    network.clock.advance(25 * HOUR * 1000);
    await refreshPackets(patient);
    assert.equal(await known(), 0);
  });
});

describe('a grantee whose key changed', () => {
  // @actor a grantee whose key changed, and to whom no right stands any more | is never shown to the patient, so that nobody can accept the key and the right is lost
  it('gets the right that a rule gives again once the patient accepts the key, though none stands', async () => {
    const { patient, doctor, rule } = await ruled();
    await changeRecipient(network, doctor, 1, 'party').then(async (other) => {
      await other.agent.keepCard({ party: other.address, recipient: other.recipient });
    });
    await removeRule(patient, rule.name);
    await addRule(patient, { ...rule, categories: ['vitals'] });
    const { failed, ended } = await applyRules(patient);
    assert.deepEqual([failed.map(({ code }) => code), ended.length], [['RECIPIENT_CHANGED'], 1]);
    const [changed] = await listChangedRecipients(patient);
    assert.deepEqual([changed?.grantee, changed?.grants], [doctor.address, []]);
    await acceptRecipient(patient, changed ?? assert.fail());
    assert.equal((await applyRules(patient)).given.length, 1);
    assert.deepEqual(await listChangedRecipients(patient), []);
  });

  it('gets the rest of a right that a rule narrowed, once the patient accepts the key', async () => {
    const { patient, doctor, rule } = await ruled();
    // The right stands by itself, and a rule that came later denies a part of it.
    await removeRule(patient, rule.name);
    await applyRules(patient);
    const until = Math.floor(network.clock.now() / 1000) + HOUR;
    const terms = {
      categories: ['vitals', 'billing'],
      actions: ['read'],
      purpose: 'TREAT',
    } as const;
    await grantRight(patient, { grantee: doctor.address, ...terms, until });
    const other = await changeRecipient(network, doctor, 1, 'party');
    await other.agent.keepCard({ party: other.address, recipient: other.recipient });
    await addRule(patient, { name: 'no bills', kind: 'deny', categories: ['billing'] });
    assert.equal((await applyRules(patient)).failed.length, 1);
    const [changed] = await listChangedRecipients(patient);
    await acceptRecipient(patient, changed ?? assert.fail());
    const { given } = await applyRules(patient);
    assert.deepEqual(
      given.map(({ grant }) => grant.terms.categories),
      [['vitals']],
    );
  });
});
