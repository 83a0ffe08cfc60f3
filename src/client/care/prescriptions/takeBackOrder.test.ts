import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../../errors/MedsealError.ts';
import {
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
import { prescribe } from './test/prescribe.ts';
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
