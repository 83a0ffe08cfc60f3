import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';
import type { Party } from '../party/Party.ts';
import { dispense } from '../care/prescriptions/dispense.ts';
import { prescribe } from '../care/prescriptions/test/prescribe.ts';
import { readPrescriptions } from '../care/prescriptions/readPrescriptions.ts';
import { readSlip } from '../care/prescriptions/readSlip.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { objectToVital } from '../care/vital/objectToVital.ts';
import { readLife } from '../care/vital/readLife.ts';
import { registerBirth } from '../care/vital/registerBirth.ts';
import { reportDeath } from '../care/vital/reportDeath.ts';

const VALUES = { wrong: word('wrong'), right: word('right') };
type Value = keyof typeof VALUES;

let network: TestNetwork;
let care: Care;
let pharmacist: Party;
let registrar: Party;
before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions', 'vitalRecords'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  registrar = await network.party('registrar', { organisation: 'laboratory' });
});
after(async () => await network.close());

/** A step on something new. */
interface Made {
  readonly party: Party;
  /** Call to the agent that sends it. */
  readonly port: 'submit' | 'vital';
  readonly take: (party: Party, value: Value) => Promise<unknown>;
  /** Values that the ledger has; of those of a life, digests. */
  readonly onLedger: () => Promise<unknown>;
  /** The content of `onLedger` once these values took effect. */
  readonly whole: (...values: Value[]) => unknown;
  /** Values that were kept for the caller. */
  readonly kept: readonly Value[];
  /** Name of one in an error. */
  readonly name: RegExp;
}

let orders = 0;
async function dispensed(): Promise<Made> {
  orders += 1;
  const { digest } = await prescribe(care.doctor, {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: `Amoxicillin 500 mg capsules ${orders}`,
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 90,
    fills: 1,
    interval: 0,
    from: seconds(network.clock),
    until: seconds(network.clock) + 86_400,
  });
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(care.patient, chart);
  const slip = all.find((each) => each.digest === digest)?.slip ?? assert.fail();
  const amounts = { wrong: 20, right: 10 };
  return {
    party: pharmacist,
    port: 'submit',
    take: async (party, value) => await dispense(party, slip, { amount: amounts[value] }),
    onLedger: async () => (await readSlip(pharmacist, slip)).facts.dispensed,
    whole: (...values) => values.reduce((sum, value) => sum + amounts[value], 0),
    kept: [],
    name: /^dispense of 20 capsule$/,
  };
}

async function reported(what: Vital): Promise<Made & { readonly patient: Party }> {
  const patient = await network.party('patient');
  const { handle } = await readPatientState(patient);
  const kept: Value[] = [];
  return {
    patient,
    party: registrar,
    port: 'vital',
    take: async (party, value) => {
      const keep = async ({ terms }: { terms: { content: string } }): Promise<void> => {
        kept.push(terms.content === VALUES.wrong ? 'wrong' : 'right');
        await Promise.resolve();
      };
      const report = { handle, content: VALUES[value], keep };
      if (what === 'birth') await registerBirth(party, report);
      else await reportDeath(party, { ...report, at: seconds(network.clock) - 3600 });
    },
    onLedger: async () => (await readLife(registrar, handle))[what].step,
    whole: (...values) => values.length,
    kept,
    name: new RegExp(String.raw`^report of a ${what} \(0x[0-9a-f]{64}\)$`),
  };
}

const KINDS: Record<string, () => Promise<Made>> = {
  dispense: dispensed,
  'report of a birth': async () => await reported('birth'),
  'report of a death': async () => await reported('death'),
};

/** Cuts a step off before or after the ledger has it. */
async function cutOff({ party, port, take }: Made, isDone: boolean): Promise<void> {
  const call = async (asked: never): Promise<never> => {
    if (isDone) await party.agent[port](asked);
    throw new Error('cut off');
  };
  const cut: Partial<AgentPort> = { [port]: call };
  await assert.rejects(take(behind(party, cut), 'wrong'), { message: 'cut off' });
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

for (const [kind, make] of Object.entries(KINDS)) {
  describe(`a ${kind} that was cut off, and then corrected`, () => {
    // @class a step of an earlier run (dispense, birth, death) | takes effect though the person gave other values since
    // @actor a pharmacist corrects an amount after a crash before the first one left the device | has both dispensed, and the ledger count an amount that nobody handed over
    it('is never sent: the right one waits until the ledger cannot take the wrong one, and stands alone', async () => {
      const made = await make();
      await cutOff(made, false);
      const wrongs = made.kept.length;
      const sends: unknown[] = [];
      const send = async (asked: never): Promise<unknown> => {
        sends.push(asked);
        return await made.party.agent[made.port](asked);
      };
      const counting = behind(made.party, { [made.port]: send });
      await assert.rejects(made.take(counting, 'right'), failsWith('NOT_YET'));
      assert.deepEqual([sends.length, await made.onLedger()], [0, made.whole()]);
      network.clock.advance(301_000);
      await assert.rejects(made.take(counting, 'right'), failsWith('NOT_YET'));
      assert.deepEqual([sends.length, await made.onLedger()], [0, made.whole()]);
      await block();
      await made.take(counting, 'right');
      assert.deepEqual([sends.length, await made.onLedger()], [1, made.whole('right')]);
      assert.equal(made.kept.filter((value) => value === 'wrong').length, wrongs);
    });

    // @actor a node takes a step and loses its answer, and the person then gives other values | has both take effect, or the first one hidden behind the second
    it('is named if the ledger has it, and the right one is not done as well', async () => {
      const made = await make();
      await cutOff(made, true);
      const wrongs = made.kept.length;
      await assert.rejects(
        made.take(made.party, 'right'),
        (error: { values: { what: string } }) => {
          assert.match(error.values.what, made.name);
          return failsWith('EARLIER_STANDS')(error);
        },
      );
      assert.deepEqual(await made.onLedger(), made.whole('wrong'));
      assert.equal(made.kept.length, wrongs);
    });
  });
}

describe('a dispense that was cut off, and then corrected', () => {
  it('is done beside the earlier one if the pharmacist asks for it after reading that', async () => {
    const made = await dispensed();
    await cutOff(made, true);
    await assert.rejects(made.take(made.party, 'right'), failsWith('EARLIER_STANDS'));
    await made.take(made.party, 'right');
    assert.deepEqual(await made.onLedger(), made.whole('wrong', 'right'));
  });

  it('need not wait for its time once another pharmacist’s step has its number', async () => {
    const made = await dispensed();
    await cutOff(made, false);
    await made.take(await network.party('pharmacist'), 'right');
    await made.take(made.party, 'right');
    assert.deepEqual(await made.onLedger(), made.whole('right', 'right'));
  });

  // @actor two tabs of one device that take a step with different values at the same moment | have one send the values of the other, and report them as its own
  it('is not sent by a second tab that comes with another amount at the same moment', async () => {
    const made = await dispensed();
    const results = await Promise.allSettled([
      made.take(made.party, 'wrong'),
      made.take(made.party, 'right'),
    ]);
    const done = results.flatMap(({ status }, index) =>
      status === 'fulfilled' ? [(['wrong', 'right'] as const)[index] ?? assert.fail()] : [],
    );
    assert.deepEqual(await made.onLedger(), made.whole(...done));
  });
});

for (const what of ['birth', 'death'] as const) {
  describe(`a report of a ${what} that was cut off, and then objected to`, () => {
    for (const value of ['wrong', 'right'] as const) {
      // @actor a report that was cut off, and then objected to or undone | locks its reporter out of that handle for good
      it(`is over: the next one is taken, ${value === 'wrong' ? 'with the same values' : 'with others'}`, async () => {
        const made = await reported(what);
        await cutOff(made, true);
        const { handle } = await readPatientState(made.patient);
        await objectToVital(made.patient, { handle, what });
        await made.take(made.party, value);
        const { stage, step } = (await readLife(registrar, handle))[what];
        assert.deepEqual([stage, step], ['reported', 3]);
      });
    }

    // @actor a node that answers a report that was undone since as if it stood | keeps its reporter from the next one
    it('is answered by a node as one that does not stand', async () => {
      const { patient, party, take } = await reported(what);
      const sent: never[] = [];
      const vital = async (asked: never): Promise<never> => {
        sent.push(asked);
        return (await party.agent.vital(asked)) as never;
      };
      await take(behind(party, { vital }), 'right');
      const [asked = assert.fail()] = sent;
      const place = await party.agent.vital(asked);
      assert.ok(place.block > 0);
      const { handle } = await readPatientState(patient);
      await objectToVital(patient, { handle, what });
      const reason = 'StepUnexpected';
      await assert.rejects(party.agent.vital(asked), failsWith('RULE_REFUSED', { reason }));
    });
  });
}
