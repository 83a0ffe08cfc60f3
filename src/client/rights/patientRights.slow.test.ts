import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { utf8ToBytes, bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  BEGIN,
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { enrol } from '../party/enrol.ts';
import { grantRight } from './grantRight.ts';
import { type Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { revokeRight } from './revokeRight.ts';

let network: TestNetwork;
let patient: Party;
let doctor: Party;

before(async () => {
  network = await startTestNetwork();
  doctor = await network.party('doctor');
});
after(async () => await network.close());

async function freshPatient(epochs = 4): Promise<Party> {
  patient = await network.party('patient');
  await commitEpochs(patient, epochs);
  return patient;
}

/** The patient at an agent whose answers are lost on the way, the first so many times. */
function losingAnswers(times: number): Party {
  let left = times;
  return behind(patient, {
    submit: async (submissions) => {
      const outcomes = await patient.agent.submit(submissions);
      if (left-- > 0) throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
      return outcomes;
    },
  });
}

async function suspend(party: Party): Promise<void> {
  const message = { party: party.address, suspended: true, change: 1, deadline: BEGIN + 900 };
  const signatures = network.authorityKeys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map((key) => sign(party, key, 'Suspension', message).signature);
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  await network.senders.get('hospital')?.send({ to: network.file.contracts.registry, data });
}

async function readable(party: Party, right: Awaited<ReturnType<typeof grantRight>>) {
  const { handle } = right.grant;
  const chart = await readChart(party, { handle, grant: right.grant, purpose: 'TREAT' });
  const texts: string[] = [];
  for (const record of chart.records) {
    texts.push(bytesToUtf8((await readRecord(party, chart, record)).content));
  }
  return texts;
}

async function write(text: string): Promise<void> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
}

describe('epochs that are committed to', () => {
  it('keep their salts when the answer is lost and the patient tries again', async () => {
    await freshPatient();
    await write('before');
    await assert.rejects(commitEpochs(losingAnswers(1), 5), failsWith('PEER_UNREACHABLE'));
    const { keyring } = await readPatientState(patient);
    await commitEpochs(patient, 5);
    assert.deepEqual((await readPatientState(patient)).keyring, keyring);
    // And the epochs that begin then open what is sealed to them.
    const right = await grantRight(patient, everything(doctor));
    const other = await grantRight(patient, everything(doctor));
    await revokeRight(patient, other.digest);
    await write('after');
    assert.deepEqual(await readable(doctor, right), ['before', 'after']);
  });

  it('are committed to again as they were, though fewer are asked for', async () => {
    await freshPatient(1);
    await commitEpochs(patient, 6);
    const before = await readPatientState(patient);
    await commitEpochs(patient, 2);
    assert.deepEqual((await readPatientState(patient)).keyring, before.keyring);
  });

  it('are as many as are needed: a right can be ended in the last epoch', async () => {
    await freshPatient(1);
    for (let round = 1; round <= 3; round++) {
      const right = await grantRight(patient, everything(doctor));
      await revokeRight(patient, right.digest);
      const { handle } = await readPatientState(patient);
      const facts = await confirmFacts(patient, { handle });
      assert.equal(facts.patient?.epoch, round + 1);
    }
  });
});

describe('rights that a device gives', () => {
  it('are all kept when several are given at once', async () => {
    await freshPatient();
    const given = await Promise.all(
      [1, 2, 3].map(async () => await grantRight(patient, everything(doctor))),
    );
    const { grants } = await readPatientState(patient);
    assert.deepEqual(
      grants.map(({ digest }) => digest).toSorted(),
      given.map(({ digest }) => digest).toSorted(),
    );
  });

  it('are known to the device before the ledger has them', async () => {
    await freshPatient();
    await assert.rejects(grantRight(losingAnswers(1), everything(doctor)));
    const { grants } = await readPatientState(patient);
    const digest = grants.at(-1)?.digest ?? '0x';
    await revokeRight(patient, digest);
    const { grant } = await confirmFacts(patient, { grant: digest });
    assert.equal(grant?.state, 'ended');
  });

  it('are ended though the answer was lost, and ending them again is refused', async () => {
    await freshPatient();
    const right = await grantRight(patient, everything(doctor));
    await assert.rejects(revokeRight(losingAnswers(1), right.digest));
    const { grant } = await confirmFacts(patient, { grant: right.digest });
    assert.equal(grant?.state, 'ended');
    await assert.rejects(revokeRight(patient, word('no grant')), failsWith('NOT_FOUND'));
    const read = readable(doctor, right);
    await assert.rejects(read, failsWith('RIGHT_ENDED'));
  });

  it('are not those of another patient', async () => {
    await freshPatient();
    const theirs = await grantRight(patient, everything(doctor));
    await freshPatient();
    await assert.rejects(revokeRight(patient, theirs.digest), failsWith('NOT_FOUND'));
  });
});

describe('the end of a right', () => {
  it('is not held up by another grantee who is suspended', async () => {
    await freshPatient();
    const bad = await network.party('doctor');
    const kept = await grantRight(patient, everything(doctor));
    const blocked = await grantRight(patient, everything(bad));
    const ending = await grantRight(patient, everything(doctor));
    await suspend(bad);
    const { pending } = await revokeRight(patient, ending.digest);
    assert.deepEqual(pending, [blocked.digest]);
    await write('in the new epoch');
    assert.deepEqual(await readable(doctor, kept), ['in the new epoch']);
  });

  it('is not held up by a node that serves wrong cards, and seals nothing to them', async () => {
    await freshPatient();
    const kept = await grantRight(patient, everything(doctor));
    const ending = await grantRight(patient, everything(doctor));
    const lying = behind(patient, {
      card: async (party) => await Promise.resolve({ party, recipient: patient.recipient }),
    });
    const { pending } = await revokeRight(lying, ending.digest);
    assert.deepEqual(pending, [kept.digest]);
  });

  // @peer nearly all: revoking changed a boolean and never the key | the former grantee's keys open nothing new
  // @actor a revoked party | to open what came afterwards
  it('leaves the former grantee without the keys of what comes after', async () => {
    await freshPatient();
    await write('before');
    const right = await grantRight(patient, everything(doctor));
    const { handle } = right.grant;
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    await revokeRight(patient, right.digest);
    await write('after');
    assert.ok(chart.identityFor(1, 'vitals').startsWith('AGE-SECRET-KEY-PQ-1'));
    assert.throws(() => chart.identityFor(2, 'vitals'), failsWith('KEY_PENDING'));
  });
});

describe('an enrolment', () => {
  it('is not believed of an agent that brought none about', async () => {
    const fresh = await network.party('nurse', { enrolled: false });
    const enrolment = {
      party: fresh.address,
      role: 3,
      organisation: word('x'),
      recipient: recipientHash(network.ports.primitives, fresh.recipient),
      handle: word('handle'),
      deadline: BEGIN,
    };
    const lying = behind(fresh, {
      apply: async () => await Promise.resolve({ enrolment, transaction: word('x') }),
    });
    const as = { role: 'nurse', organisation: 'hospital' } as const;
    await assert.rejects(enrol(lying, as), failsWith('KEY_UNAUTHENTIC'));
    await assert.rejects(enrol(lying, { ...as, role: 'patient' }), failsWith('KEY_UNAUTHENTIC'));
    const other = behind(fresh, {
      apply: async (application) => {
        const result = await fresh.agent.apply(application);
        return { ...result, patientId: 'P-0000000000000000' };
      },
    });
    await assert.rejects(enrol(other, { ...as, role: 'patient' }), failsWith('KEY_UNAUTHENTIC'));
    assert.equal(await fresh.device.read('patient'), undefined);
  });
});
