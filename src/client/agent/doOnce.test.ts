import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { someOf } from '../../protocol/test/share.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { changeKey } from '../party/changeKey.ts';
import type { Party } from '../party/Party.ts';
import { addDispenses } from '../care/prescriptions/addDispenses.ts';
import { dispense } from '../care/prescriptions/dispense.ts';
import { prescribe } from '../care/prescriptions/test/prescribe.ts';
import {
  readPrescriptions,
  type PrescriptionListed,
} from '../care/prescriptions/readPrescriptions.ts';
import { readSlip } from '../care/prescriptions/readSlip.ts';
import type { Slip } from '../care/prescriptions/Slip.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';

let network: TestNetwork;
let care: Care;
let pharmacist: Party;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
});
after(async () => await network.close());

let orders = 0;
async function prescribed(): Promise<PrescriptionListed & { readonly slip: Slip }> {
  orders += 1;
  const { digest } = await prescribe(care.doctor, {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: `Amoxicillin 500 mg capsules ${orders}`,
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 90,
    fills: 10,
    interval: 0,
    from: seconds(network.clock),
    until: seconds(network.clock) + 86_400,
  });
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(care.patient, chart);
  const found = all.find((each) => each.digest === digest);
  return { ...(found ?? assert.fail()), slip: found?.slip ?? assert.fail() };
}

/** Amount that the ledger counted. */
async function counted(slip: Slip): Promise<number> {
  return (await readSlip(pharmacist, slip)).facts.dispensed;
}

/** Has a block made, whose time is that of the clock. */
async function block(): Promise<void> {
  await grantRight(care.patient, {
    grantee: care.doctor.address,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: seconds(network.clock) + 3600,
  });
}

const send = async (): Promise<never> => await Promise.reject(new Error('cut off'));

describe('a step that must be taken once', () => {
  // @actor a crash, or a node that loses an answer, anywhere in a dispense | has it counted twice, or never told to the patient
  it('comes to the same end, wherever it was cut off, when the same command is run again', async () => {
    const listed = await prescribed();
    const { slip } = listed;
    const whole = dyingDevice(pharmacist, Infinity, true);
    await dispense(whole.party, slip, { amount: 1 });
    const calls = whole.calls().length;
    let dispensed = 1;
    for (const step of someOf(Array.from({ length: calls }, (_, index) => index + 1))) {
      for (const isDone of [false, true]) {
        const { party } = dyingDevice(pharmacist, step, isDone);
        const where = `call ${step} of ${calls}`;
        const cut = await dispense(party, slip, { amount: 1 }).catch((error: Error) => {
          assert.equal(error.message, DIED, where);
          return undefined;
        });
        // One that died with its last call was forgotten: the same command is another dispense.
        const { already } = await dispense(pharmacist, slip, { amount: 1 });
        const again = cut !== undefined || (step === calls && isDone) ? 2 : 1;
        assert.equal(already && again === 2, false, where);
        dispensed += again;
        assert.equal(await counted(slip), dispensed, where);
        await checkInbox(care.patient);
      }
    }
    const added = await addDispenses(care.patient, [listed]);
    const sum = added.reduce((all, { quantity }) => all + (quantity?.value ?? 0), 0);
    assert.equal(sum, dispensed);
  });

  it('is the same step after a change of key, whether or not the ledger had it', async () => {
    for (const isDone of [false, true]) {
      const { slip } = await prescribed();
      const submit = async (asked: readonly Submission[]): Promise<never> => {
        if (isDone) await pharmacist.agent.submit(asked);
        return await send();
      };
      await assert.rejects(dispense(behind(pharmacist, { submit }), slip, { amount: 5 }));
      ({ party: pharmacist } = await changeKey(pharmacist, network.ports.random(32)));
      const { already, facts } = await dispense(pharmacist, slip, { amount: 5 });
      assert.deepEqual([already, facts.dispensed], [isDone, 5]);
    }
  });

  // @class a step that must be taken once, and is late by a node's word | is signed again while the first is on its way
  it('is not signed again by a node’s word that it came too late', async () => {
    const { slip } = await prescribed();
    await assert.rejects(dispense(behind(pharmacist, { submit: send }), slip, { amount: 5 }));
    network.clock.advance(301_000);
    await assert.rejects(dispense(pharmacist, slip, { amount: 5 }), failsWith('NOT_YET'));
    assert.equal(await counted(slip), 0);
    await block();
    const { already, facts } = await dispense(pharmacist, slip, { amount: 5 });
    assert.deepEqual([already, facts.dispensed], [false, 5]);
  });

  // @actor a node that says of a dispense which the ledger counted that it was refused | has the pharmacist sign it again
  it('is finished if the ledger has it, though a node says that it refused it', async () => {
    const { slip } = await prescribed();
    await assert.rejects(dispense(behind(pharmacist, { send }), slip, { amount: 5 }));
    const refusal = {
      outcome: 'refused',
      problem: new MedsealError('REQUEST_LATE', {}).toProblem(),
    } as const;
    const submit = async (): Promise<readonly (typeof refusal)[]> =>
      await Promise.resolve([refusal]);
    const lying = behind(pharmacist, { submit });
    const { already, facts } = await dispense(lying, slip, { amount: 5 });
    assert.deepEqual([already, facts.dispensed], [true, 5]);
  });
});
