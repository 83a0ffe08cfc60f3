import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { suspend } from '../../../node/test/suspend.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import type { SentLetter } from '../../../protocol/AgentPort.ts';
import type { Address } from '../../../protocol/ids.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { MOST_TO_ONE, ROOM } from '../../../services/letters/LetterStore.ts';
import { handOver } from '../../letters/accessRequests.ts';
import { checkInbox } from '../inbox/checkInbox.ts';
import { collectLetters, sendLetter } from '../../letters/letters.ts';
import type { Party } from '../../party/Party.ts';
import { newestOfEach } from '../../records/newestOfEach.ts';
import { readChart } from '../../records/readChart.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { confirmVital } from '../vital/confirmVital.ts';
import { objectToVital } from '../vital/objectToVital.ts';
import { reportDeath } from '../vital/reportDeath.ts';
import { addDispenses } from './addDispenses.ts';
import { confirmPrescription } from './confirmPrescription.ts';
import { dispense } from './dispense.ts';
import { readPrescriptions } from './readPrescriptions.ts';
import { readSlip } from './readSlip.ts';
import type { Slip } from './Slip.ts';
import { prescribe } from './test/prescribe.ts';

/** A dispense reaches the patient, whatever became of the patient, or is refused before the ledger counts it. */

let network: TestNetwork;
let care: Care;
let pharmacist: Party;
let registrar: Party;
let slip: Slip;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions', 'vitalRecords'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'hospital' });
  registrar = await network.party('registrar', { organisation: 'laboratory' });
  const { digest } = await prescribe(care.doctor, {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: 'Amoxicillin 500 mg capsules',
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 30,
    fills: 2,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
  });
  const chart = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(care.patient, chart);
  slip = all.find((each) => each.digest === digest)?.slip ?? assert.fail('no slip');
});
afterEach(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

async function die(): Promise<void> {
  const content = `0x${'5a'.repeat(32)}` as const;
  const { death } = await reportDeath(care.doctor, {
    handle: care.handle,
    content,
    at: BEGIN - 3600,
  });
  await confirmVital(registrar, { death });
}

/** Changes of a patient's life before a dispense, each with its undoing. */
const LIVES = {
  living: { become: () => undefined, undo: () => undefined },
  reported: {
    become: async () => {
      const content = `0x${'5a'.repeat(32)}` as const;
      await reportDeath(care.doctor, { handle: care.handle, content, at: BEGIN - 3600 });
    },
    undo: () => undefined,
  },
  dead: {
    become: die,
    undo: async () => await objectToVital(care.patient, { handle: care.handle, what: 'death' }),
  },
  suspended: {
    become: async () => await suspend(network, care.patient, 1),
    undo: async () => await suspend(network, care.patient, 2),
  },
} as const;

/** Lets the pharmacist add to the chart. */
async function letAdd(): Promise<void> {
  const given = await grantRight(care.patient, {
    grantee: pharmacist.address,
    categories: ['medications'],
    actions: ['add'],
    purpose: 'TREAT',
    until: BEGIN + 86_400,
  });
  await handOver(care.patient, given);
  await checkInbox(pharmacist);
}

/** Number of dispenses on the chart, once the patient's device took its letters. */
async function countOnChart(): Promise<number> {
  const { patient, handle } = care;
  await checkInbox(patient);
  const before = await readChart(patient, { handle, purpose: 'PATRQT' });
  await addDispenses(patient, (await readPrescriptions(patient, before)).prescriptions);
  const { records } = await readChart(patient, { handle, purpose: 'PATRQT' });
  // The prescription is the other one.
  return newestOfEach(records).filter(({ category }) => category === 'medications').length - 1;
}

async function dispensedOnLedger(): Promise<number> {
  const { digest } = await readSlip(pharmacist, slip);
  return (await confirmPrescription(pharmacist, digest)).dispensed;
}

describe('a dispense', () => {
  for (const [life, { become, undo }] of Object.entries(LIVES)) {
    for (const way of ['letter', 'chart'] as const) {
      // @attack a patient whose stolen phone was reported is dispensed for, and the letter about it is refused | the letter of a counted step waits for a suspended reader; whatever closes a chart is asked before the ledger counts
      it(`for the ${life} reaches the patient by ${way}, or is refused before the ledger counts it`, async () => {
        if (way === 'chart') await letAdd();
        await become();
        const dispensing = dispense(pharmacist, slip, { amount: 5 });
        if (life === 'dead') await assert.rejects(dispensing, failsWith('CHART_FROZEN'));
        else assert.equal((await dispensing).returned, way);
        const counted = life === 'dead' ? 0 : 1;
        assert.equal(await dispensedOnLedger(), 5 * counted);
        await undo();
        assert.equal(await countOnChart(), counted);
      });
    }
  }

  // @attack a patient dies, or ends the pharmacist's right, between the ledger's count and the chart | the dispense goes by letter instead
  it('that the ledger counted just before the patient died goes by letter, and waits until the death is undone', async () => {
    await letAdd();
    const late = behind(pharmacist, {
      submit: async (submissions) => {
        const outcomes = await pharmacist.agent.submit(submissions);
        if (submissions.some(({ request }) => request.type === 'Dispense')) await die();
        return outcomes;
      },
    });
    const { returned, facts } = await dispense(late, slip, { amount: 5 });
    assert.deepEqual([returned, facts.dispensed], ['letter', 5]);
    await LIVES.dead.undo();
    assert.equal(await countOnChart(), 1);
  });

  // @attack 16 strangers fill a patient's box, so that a dispense is counted and never told | a letter about a step that the ledger took counts for no quota, one of each step
  it('reaches a box that strangers closed, and what else its pharmacist writes does not', async () => {
    await closeBox(care.patient.address);
    const entry = 'a letter like others' as never;
    const stranger = sendLetter(pharmacist, care.patient.address, { entry });
    await assert.rejects(stranger, failsWith('QUOTA_SPENT'));
    const { returned } = await dispense(pharmacist, slip, { amount: 5 });
    assert.equal(returned, 'letter');
    assert.equal(await countOnChart(), 1);
  });

  // @attack somebody fills boxes with letters about a step, another's or their own | only who took the step, only to whom it concerns, and one waits: the newest that its sender signed for it
  it('has one letter in a box, the newest, which only its pharmacist writes, and only to its patient', async () => {
    const sent: SentLetter[] = [];
    const watched = behind(pharmacist, {
      send: async (letter) => {
        sent.push(letter);
        await pharmacist.agent.send(letter);
      },
    });
    await dispense(watched, slip, { amount: 5 });
    const [letter = assert.fail()] = sent;
    const step = letter.step ?? assert.fail('no step');
    await closeBox(care.patient.address);
    const other = await network.party('pharmacist', { organisation: 'insurer' });
    await assert.rejects(
      other.agent.send(letterOf(other, care.patient.address, step)),
      failsWith('QUOTA_SPENT'),
    );
    const bound = failsWith('REQUEST_MALFORMED', { what: 'step' });
    const unbound = letterOf(pharmacist, care.patient.address, `0x${'00'.repeat(32)}`);
    await assert.rejects(pharmacist.agent.send({ ...unbound, step }), bound);
    await closeBox(care.stranger.address);
    await assert.rejects(
      pharmacist.agent.send(letterOf(pharmacist, care.stranger.address, step)),
      failsWith('QUOTA_SPENT'),
    );
    const renewed = letterOf(pharmacist, care.patient.address, step, 60);
    await pharmacist.agent.send(renewed);
    // The earlier one, again, by whoever has a copy.
    await care.doctor.agent.send(letter);
    const told = await waitingFrom(pharmacist.address);
    assert.deepEqual(told, [renewed.request.message.until]);
  });
});

/** Times until which the letters of a sender wait for the patient. */
async function waitingFrom(sender: Address): Promise<readonly number[]> {
  const found: number[] = [];
  await collectLetters(care.patient, async ({ from, until }) => {
    if (from === sender) found.push(until);
    return await Promise.resolve(from !== sender);
  });
  return found;
}

/** Has strangers write to a reader until nodes take no more of them. */
async function closeBox(to: Address): Promise<void> {
  const many = ROOM.nobody / MOST_TO_ONE;
  const strangers = await Promise.all(
    Array.from({ length: many }, async () => await network.party('doctor')),
  );
  for (const from of strangers) {
    for (let count = 0; count < MOST_TO_ONE; count++) {
      const salt = bytesToHex(from.random(32));
      const { request, sealed } = letterOf(from, to, salt);
      await from.agent.send({ request, sealed });
    }
  }
}

/** A letter that says to tell of a step. */
function letterOf(from: Party, to: Address, step: `0x${string}`, later = 0): Required<SentLetter> {
  const sealed = base64.encode(utf8ToBytes('sealed'));
  const letter = bytesToHex(from.primitives.sha256(utf8ToBytes(sealed)));
  const until = BEGIN + 13 * 86_400 + (later > 0 ? 60 * 86_400 + later : 0);
  const message = { to, letter, until, salt: step.slice(0, 34) as `0x${string}` };
  return { request: sign(from, from, 'Letter', message), step, sealed };
}
