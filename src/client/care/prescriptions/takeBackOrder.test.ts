import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../../errors/MedsealError.ts';
import {
  BEGIN,
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import type { AgentPort } from '../../../protocol/AgentPort.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { word } from '../../../protocol/test/sampleNetwork.ts';
import type { Party } from '../../party/Party.ts';
import { isWithdrawn } from '../../records/isWithdrawn.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart } from '../../records/readChart.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { SimulatedDevice } from '../../../../proof/simulation/SimulatedDevice.ts';
import type { NewPrescription } from './NewPrescription.ts';
import { readPrescriptions } from './readPrescriptions.ts';
import { signBeside } from './issuePrescription.ts';
import { placePrescription } from './placePrescription.ts';
import { keepSignedOrder, signedOrder } from './signedOrders.ts';
import { prescribe, signOrder } from './test/prescribe.ts';
import { sampleOrder } from './test/sampleOrder.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});
beforeEach(async () => {
  care = await startCare(network);
});

function order(change?: Partial<NewPrescription>): NewPrescription {
  return sampleOrder(care, change);
}

/** In the place of a prescription that the ledger does not have: it refuses that. */
const refused = () => order({ replaces: word('nothing') });

/** An order that a second doctor has to sign. */
function controlled(change?: Partial<NewPrescription>): NewPrescription {
  return order({ controlled: true, second: care.stranger.address, ...change });
}

/** The records of the chart: which are withdrawn, and which have a prescription on the ledger. */
async function chartNow(): Promise<{ standing: string[]; withdrawn: string[]; issued: string[] }> {
  const { patient, handle } = care;
  // All organisations judge by the same logs then.
  await network.checkpoint();
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const standing: string[] = [];
  const withdrawn: string[] = [];
  for (const each of newestOfEach(chart.records)) {
    ((await isWithdrawn(patient, each)) ? withdrawn : standing).push(each.record);
  }
  const { prescriptions } = await readPrescriptions(patient, chart);
  const issued = prescriptions
    .filter(({ facts }) => facts !== undefined)
    .map(({ message }) => message.terms.record);
  return { standing, withdrawn, issued };
}

type Submit = AgentPort['submit'];

/** A party whose submissions of one type meet something else than the ledger. */
function meeting(party: Party, type: string, meet: (submit: Submit) => Submit): Party {
  const { agent } = party;
  const submit: Submit = async (submissions) => await agent.submit(submissions);
  return behind(party, {
    submit: async (submissions) => {
      const isOf = submissions.some(({ request }) => request.type === type);
      return await (isOf ? meet(submit) : submit)(submissions);
    },
  });
}

const cut: Submit = async () =>
  await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));

describe('the record of a prescription that the ledger does not have', () => {
  it('is taken off the chart if the ledger refuses, each time that it is tried', async () => {
    for (const count of [1, 2]) {
      await assert.rejects(prescribe(care.doctor, refused()), failsWith('RULE_REFUSED'));
      const { standing, withdrawn, issued } = await chartNow();
      assert.deepEqual([standing, withdrawn.length, issued], [[], count, []]);
    }
  });

  it('is one and the same, never issued, while the right does not allow to correct it', async () => {
    const { stranger, patient } = care;
    const terms = { ...everything(stranger), actions: ['read', 'add'] } as const;
    const { grant } = await grantRight(patient, terms);
    const wanted = { ...refused(), grant };
    for (const _ of [1, 2]) {
      await assert.rejects(prescribe(stranger, wanted), failsWith('RULE_REFUSED'));
      const { standing, withdrawn, issued } = await chartNow();
      assert.deepEqual([standing.length, withdrawn, issued], [1, [], []]);
    }
  });

  it('is that of the prescription if a run was cut off before the ledger, and a repeat is in time', async () => {
    const killed = meeting(care.doctor, 'Prescription', () => cut);
    await assert.rejects(prescribe(killed, order()), failsWith('PEER_UNREACHABLE'));
    assert.equal((await chartNow()).standing.length, 1);
    const { record } = await prescribe(care.doctor, order());
    assert.deepEqual(await chartNow(), { standing: [record], withdrawn: [], issued: [record] });
  });

  it('is taken off by a repeat that comes too late, which issues another', async () => {
    const killed = meeting(care.doctor, 'Prescription', () => cut);
    await assert.rejects(prescribe(killed, order()), failsWith('PEER_UNREACHABLE'));
    const former = (await chartNow()).standing;
    network.clock.advance(301_000);
    const { record } = await prescribe(care.doctor, order());
    assert.deepEqual(await chartNow(), { standing: [record], withdrawn: former, issued: [record] });
  });

  it('is taken off by a repeat if a run was cut off after the refusal', async () => {
    for (const [at, left] of [
      ['before', 1],
      ['after', 0],
    ] as const) {
      let writes = 0;
      const killed = meeting(care.doctor, 'Write', (submit) => async (submissions) => {
        writes += 1;
        if (writes === 1 || at === 'after') await submit(submissions);
        return writes === 1 ? await submit(submissions) : await cut(submissions);
      });
      await assert.rejects(prescribe(killed, refused()), failsWith('RULE_REFUSED'));
      assert.equal(writes, 2);
      const { standing, withdrawn } = await chartNow();
      assert.equal(standing.length, left);
      await assert.rejects(prescribe(care.doctor, refused()), failsWith('RULE_REFUSED'));
      const now = await chartNow();
      assert.deepEqual([now.standing, now.issued], [[], []]);
      assert.equal(now.withdrawn.length, withdrawn.length + left + 1);
    }
  });

  // @attack a node says that the ledger refused a prescription that it has, so that the prescriber takes its record back and issues another | k coordinators are asked first
  it('stays if a node lies that the ledger refused', async () => {
    const liar = meeting(care.doctor, 'Prescription', (submit) => async (submissions) => {
      await submit(submissions);
      const problem = new MedsealError('RULE_REFUSED', {
        reason: 'PrescriptionInvalid',
      }).toProblem();
      return [{ outcome: 'refused', problem }];
    });
    const { record } = await prescribe(liar, order());
    assert.deepEqual(await chartNow(), { standing: [record], withdrawn: [], issued: [record] });
    const other = await prescribe(care.doctor, order());
    assert.notEqual(other.record, record);
  });
});

describe('a prescription that a second doctor signed too', () => {
  it('is taken off the chart as soon as the ledger refuses it, and is never sent again', async () => {
    const { doctor, stranger } = care;
    const signed = await signOrder(doctor, controlled({ replaces: word('nothing') }));
    const beside = signBeside(stranger, signed.message);
    await assert.rejects(placePrescription(doctor, signed, beside), failsWith('RULE_REFUSED'));
    const now = await chartNow();
    assert.deepEqual([now.standing, now.withdrawn.length, now.issued], [[], 1, []]);
    const sending = meeting(doctor, 'Prescription', () => () => assert.fail('was sent again'));
    const closed = failsWith('ORDER_CLOSED', {
      how: 'the ledger refused it, and it was taken off the chart',
    });
    await assert.rejects(placePrescription(sending, signed, beside), closed);
  });

  it('can be prescribed again after the refusal, as another one', async () => {
    const { doctor, stranger } = care;
    const wanted = controlled({ replaces: word('nothing') });
    const signed = await signOrder(doctor, wanted);
    const beside = signBeside(stranger, signed.message);
    await assert.rejects(placePrescription(doctor, signed, beside), failsWith('RULE_REFUSED'));
    const again = await signOrder(doctor, wanted);
    assert.notEqual(again.digest, signed.digest);
    assert.equal((await chartNow()).standing.length, 1);
  });

  it('waits on as before if it is refused for its signatures alone', async () => {
    const { doctor, stranger } = care;
    const signed = await signOrder(doctor, controlled());
    const invalid = failsWith('SIGNATURE_INVALID');
    await assert.rejects(placePrescription(doctor, signed), invalid);
    const wrong = signBeside(stranger, { ...signed.message, amount: 22 });
    await assert.rejects(placePrescription(doctor, signed, wrong), invalid);
    assert.equal((await chartNow()).standing.length, 1);
    const beside = signBeside(stranger, signed.message);
    const { record } = await placePrescription(doctor, signed, beside);
    assert.deepEqual(await chartNow(), { standing: [record], withdrawn: [], issued: [record] });
  });

  it('is taken off by the next run if the run was cut off after the refusal, and is not sent', async () => {
    const { doctor, stranger } = care;
    const signed = await signOrder(doctor, controlled({ replaces: word('nothing') }));
    const beside = signBeside(stranger, signed.message);
    const killed = meeting(doctor, 'Write', () => cut);
    await assert.rejects(placePrescription(killed, signed, beside), failsWith('RULE_REFUSED'));
    assert.equal((await chartNow()).standing.length, 1);
    const sending = meeting(doctor, 'Prescription', () => () => assert.fail('was sent again'));
    await assert.rejects(placePrescription(sending, signed, beside), failsWith('ORDER_CLOSED'));
    assert.deepEqual((await chartNow()).standing, []);
  });

  it('stays if a node lies that the ledger refused', async () => {
    const { doctor, stranger } = care;
    const liar = meeting(doctor, 'Prescription', (submit) => async (submissions) => {
      await submit(submissions);
      const reason = 'PrescriptionInvalid';
      const problem = new MedsealError('RULE_REFUSED', { reason }).toProblem();
      return [{ outcome: 'refused', problem }];
    });
    const signed = await signOrder(doctor, controlled());
    const beside = signBeside(stranger, signed.message);
    const { record } = await placePrescription(liar, signed, beside);
    assert.deepEqual(await chartNow(), { standing: [record], withdrawn: [], issued: [record] });
  });

  it('is forgotten by the device at its deadline', async () => {
    const { doctor } = care;
    const signed = { order: controlled(), refused: true };
    await keepSignedOrder(doctor, word('late'), BEGIN - 1, signed);
    assert.deepEqual(await signedOrder(doctor, word('late')), signed);
    const { digest } = await signOrder(doctor, controlled());
    assert.equal(await signedOrder(doctor, word('late')), undefined);
    assert.notEqual(await signedOrder(doctor, digest), undefined);
  });
});

describe('the device of a prescriber', () => {
  // @class a store that grows with ordinary use, and from which nothing leaves | is full after years
  it('keeps nothing of an order that was issued or taken back', async () => {
    const { device } = care.doctor;
    assert.ok(device instanceof SimulatedDevice);
    await prescribe(care.doctor, order());
    await assert.rejects(prescribe(care.doctor, refused()), failsWith('RULE_REFUSED'));
    const left = [...device.sizes.keys()].filter((name) => /^(?:added|prescription)-/.test(name));
    assert.deepEqual(left, []);
  });
});
