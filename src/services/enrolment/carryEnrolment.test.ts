import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import type { Party } from '../../client/party/Party.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { enrol } from '../../client/party/enrol.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { BEGIN, behind, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { Application } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';

let network: TestNetwork;
/** Someone who has not applied yet. */
let applicant: Party;

before(async () => {
  network = await startTestNetwork();
  applicant = await network.party('doctor', { enrolled: false });
});
after(async () => await network.close());

function application(change: Partial<Application> = {}, by: Party = applicant): SignedApplication {
  const { address, recipient, primitives } = by;
  const message: Application = {
    party: address,
    role: 'doctor',
    organisation: 'hospital',
    recipient: recipientHash(primitives, recipient),
    deadline: BEGIN + 600,
    ...change,
  };
  return { application: sign(by, by, 'Application', message), card: { party: address, recipient } };
}

describe('an enrolment', () => {
  it('takes k members, and is not held up by one that signs no signature', async () => {
    const real = network.authority('insurer');
    network.liars.authority.set('insurer', { ...real, approve: garbage });
    const party = await network.party('nurse');
    assert.ok(party.address);
    network.liars.authority.set('laboratory', { ...real, approve: garbage });
    await assert.rejects(network.party('nurse'), failsWith('PEER_MALFORMED'));
    network.liars.authority.clear();
  });

  it('is not done by one member in the name of two', async () => {
    const one = network.authority('hospital');
    network.liars.authority.set('laboratory', one);
    network.liars.authority.set('insurer', one);
    await assert.rejects(network.party('nurse'), failsWith('ENROLMENT_REFUSED'));
    network.liars.authority.clear();
  });

  it('is answered again where the answer was lost, so that a patient can open the handle', async () => {
    const patient = await network.party('patient', { enrolled: false });
    const lost = behind(patient, {
      apply: async (signed) => {
        await patient.agent.apply(signed);
        throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
      },
    });
    const as = { role: 'patient', organisation: 'hospital' } as const;
    await assert.rejects(enrol(lost, as), failsWith('PEER_UNREACHABLE'));
    const result = await enrol(patient, as);
    const state = await readPatientState(patient);
    assert.deepEqual([state.handle, state.patientId], [result.enrolment.handle, result.patientId]);
    const { party } = await confirmFacts(patient, { party: patient.address });
    assert.equal(party?.handle, state.handle);
    await commitEpochs(patient, 2);
    const known = await readPatientState(patient);
    assert.deepEqual(await enrol(patient, as), result, 'as often as it is asked');
    assert.deepEqual(await readPatientState(patient), known, 'and the device forgets nothing');
  });

  it('is done once and answered alike if the same application comes twice at once', async () => {
    const patient = await network.party('patient', { enrolled: false });
    const signed = application({ role: 'patient' }, patient);
    const [one, two] = await Promise.all([
      network.agent().apply(signed),
      network.agent().apply(signed),
    ]);
    assert.deepEqual(two, one);
    const facts = await confirmFacts(patient, { party: patient.address });
    assert.equal(facts.party?.handle, one.enrolment.handle);
  });

  // @attack a member has a handle that it was shown enrolled for somebody else | the Registry takes it once; another ID is issued
  it('gets a new ID where a member that saw the first one had it enrolled for another party', async () => {
    const victim = await network.party('patient', { enrolled: false });
    const thief = await network.party('patient', { enrolled: false });
    const real = network.authority('hospital');
    const asPatient = application({ role: 'patient' }, victim);
    const { enrolment, patientId, salt } = await real.draft(asPatient);
    const stolen = { ...enrolment, party: thief.address };
    const signatures = network.authorityKeys
      .toSorted((left, right) => (left.address < right.address ? -1 : 1))
      .map((key) => sign(thief, key, 'Enrolment', stolen).signature);
    const data = encodeBatch(registryAbi, 'enrol', [{ message: stolen, signatures }]);
    await network.senders.get('insurer')?.send({ to: network.file.contracts.registry, data });
    const again = await real.draft(asPatient);
    assert.notEqual(again.patientId, patientId);
    assert.notEqual(again.salt, salt);
    const result = await enrol(victim, { role: 'patient', organisation: 'hospital' });
    assert.notEqual(result.enrolment.handle, enrolment.handle);
  });

  it('is asked for by no client whose recipient nobody can seal to', async () => {
    const sent: unknown[] = [];
    const watched = behind(applicant, {
      apply: async (signed) => {
        sent.push(signed);
        return await applicant.agent.apply(signed);
      },
    });
    for (const recipient of ['age1garbage', `${applicant.recipient}q`, '']) {
      const party = { ...watched, recipient };
      const applying = enrol(party, { role: 'doctor', organisation: 'hospital' });
      await assert.rejects(applying, failsWith('ENROLMENT_REFUSED'));
    }
    assert.deepEqual(sent, []);
  });

  it('is answered again to nobody else', async () => {
    const patient = await network.party('patient');
    const mine = application({ role: 'patient', party: patient.address }, applicant);
    await assert.rejects(network.agent().apply(mine), failsWith('ENROLMENT_REFUSED'));
    for (const change of [
      { role: 'doctor' },
      { role: 'patient', recipient: word('other') },
    ] as const) {
      const signed = application({ ...change }, patient);
      await assert.rejects(network.agent().apply(signed), failsWith('ENROLMENT_REFUSED'));
    }
  });

  it('is done once; a second one changes neither party nor card', async () => {
    const party = await network.party('lab');
    const card = await network.agent().card(party.address);
    await assert.rejects(
      enrol(party, { role: 'doctor', organisation: 'insurer' }),
      failsWith('ENROLMENT_REFUSED'),
    );
    const other = { ...party, recipient: applicant.recipient };
    await assert.rejects(enrol(other, { role: 'lab', organisation: 'hospital' }));
    assert.deepEqual(await network.agent().card(party.address), card);
    await assert.rejects(network.agent().card(applicant.address), failsWith('NOT_FOUND'));
  });
});

async function garbage(): Promise<`0x${string}`> {
  return await Promise.resolve('0x1234');
}
