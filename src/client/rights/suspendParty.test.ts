import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { suspendParty } from './suspendParty.ts';

let network: TestNetwork;
let doctor: Party;
before(async () => {
  network = await startTestNetwork();
  doctor = await network.party('doctor');
});
after(async () => await network.close());

describe('a suspension', () => {
  it('is refused where fewer members than k signed it, or others', async () => {
    const change = { party: doctor.address, suspended: true };
    const [member] = network.authorityKeys;
    assert.ok(member);
    const strangers = ['one', 'two', 'three'].map(signatory);
    for (const signers of [
      [],
      [member],
      [member, member],
      [member, strangers[0] ?? member],
      strangers,
    ]) {
      await assert.rejects(suspendParty(doctor, signers, change), failsWith('SIGNATURE_INVALID'));
    }
    assert.equal((await confirmFacts(doctor, { party: doctor.address })).party?.suspended, false);
  });

  it('is refused where it is not of the form of one', async () => {
    const message = { party: doctor.address, suspended: true, change: 1, deadline: 2 ** 32 };
    const signatures = network.authorityKeys.map(
      (key) => sign(doctor, key, 'Suspension', message).signature,
    );
    for (const wrong of [
      undefined,
      {},
      { message },
      { message, signatures: 'all' },
      { message, signatures: [...signatures, ...signatures] },
      { message: { ...message, reason: 'words of their own' }, signatures },
    ]) {
      await assert.rejects(
        doctor.agent.suspend(wrong as SignedSuspension),
        failsWith('REQUEST_MALFORMED'),
      );
    }
    const altered = { message: { ...message, suspended: false }, signatures };
    await assert.rejects(doctor.agent.suspend(altered), failsWith('SIGNATURE_INVALID'));
  });

  it('is refused of someone whom nobody enrolled', async () => {
    const party = signatory('nobody').address;
    const suspended = suspendParty(doctor, network.authorityKeys, { party, suspended: true });
    await assert.rejects(suspended, failsWith('PARTY_UNKNOWN'));
  });

  it('is taken in the name of k members, once, and can be lifted', async () => {
    const party = doctor.address;
    const two = network.authorityKeys.slice(1);
    for (const suspended of [true, false, true]) {
      await suspendParty(doctor, two, { party, suspended });
      const facts = (await confirmFacts(doctor, { party })).party;
      assert.equal(facts?.suspended, suspended);
    }
    const again = { party, suspended: false, change: 3, deadline: 2 ** 32 };
    const signatures = two.map((key) => sign(doctor, key, 'Suspension', again).signature);
    await assert.rejects(
      doctor.agent.suspend({ message: again, signatures }),
      failsWith('RULE_REFUSED', { reason: 'ChangeUnexpected' }),
    );
  });
});
