import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../../crypto/bytes.ts';
import { SimulatedDevice } from '../../../../proof/simulation/SimulatedDevice.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import type { SentLetter } from '../../../protocol/AgentPort.ts';
import { ZERO32, type Bytes32 } from '../../../protocol/ids.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { timesOf } from '../../../protocol/test/share.ts';
import { ordersKept } from '../orders/keptOrders.ts';
import { claimsTold } from '../claims/keptClaimSteps.ts';
import { knownRights } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { addDispenses } from '../prescriptions/addDispenses.ts';
import { dispense } from '../prescriptions/dispense.ts';
import { prescribe } from '../prescriptions/test/prescribe.ts';
import { DISPENSES } from '../prescriptions/keptDispenses.ts';
import { readPrescriptions, type PrescriptionListed } from '../prescriptions/readPrescriptions.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readChart } from '../../records/readChart.ts';
import { accessTo } from '../../test/accessLetters.ts';
import { FAILED, failingOnce } from '../../test/failingOnce.ts';
import { approveAccess, readAllAsked, requestAccess } from '../../letters/accessRequests.ts';
import { checkInbox } from './checkInbox.ts';
import { readMistakes } from '../../letters/keptMistakes.ts';
import { readHeld } from '../../letters/heldLetters.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { sendLetter } from '../../letters/letters.ts';
import { answerMistake, reportMistake } from '../../letters/mistakes.ts';

let network: TestNetwork;
let care: Care;
let prescriptions: readonly PrescriptionListed[];

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions'] });
  care = await startCare(network);
  const { patient, doctor, stranger, handle, right } = care;
  const pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  await prescribe(doctor, {
    handle,
    grant: right.grant,
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
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  prescriptions = (await readPrescriptions(patient, chart)).prescriptions;
  const slip = prescriptions[0]?.slip ?? assert.fail();
  for (const amount of [3, 4]) await dispense(pharmacist, slip, { amount });
  const { acknowledgement: entry } = await addRecord(doctor, {
    handle,
    grant: right.grant,
    purpose: 'TREAT',
    category: 'vitals',
    content: utf8ToBytes('Asthma.'),
  });
  const first = await reportMistake(patient, { entry, words: 'I have no asthma.' });
  await checkInbox(doctor);
  await answerMistake(doctor, { id: first.id, words: 'It is right.' });
  await reportMistake(patient, { entry, words: 'I never had asthma.' });
  const asked = await requestAccess(doctor, accessTo(care));
  await approveAccess(patient, asked);
  await requestAccess(stranger, accessTo(care));
  const claimStep = {
    request: sign(stranger, stranger, 'ClaimDecision', {
      claim: ZERO32,
      step: 1,
      outcome: 2,
      amount: 0,
      until: 0,
      lotHash: ZERO32,
      terms: { reason: 'not-covered', content: ZERO32, salt: `0x${'5a'.repeat(16)}` },
      deadline: BEGIN,
    }),
  } as const;
  await sendLetter(stranger, patient.address, { claimStep });
  const written = { handle, grant: right.grant, purpose: 'TREAT' } as const;
  const content = utf8ToBytes('An order, then its report.');
  const order = await addRecord(doctor, { ...written, category: 'procedures', content });
  const lab = await network.party('lab');
  const given = await grantRight(patient, {
    grantee: lab.address,
    categories: ['reports'],
    actions: ['add'],
    purpose: 'TREAT',
    until: BEGIN + 86_400,
  });
  const report = await addRecord(lab, {
    ...written,
    grant: given.grant,
    category: 'reports',
    content,
  });
  await sendLetter(doctor, patient.address, { order: { entry: order.acknowledgement } });
  const orderAnswer = { order: order.record, entry: report.acknowledgement };
  await sendLetter(stranger, patient.address, { orderAnswer });
  await sendLetter(lab, patient.address, { orderAnswer: { ...orderAnswer, order: ZERO32 } });
});
after(async () => await network.close());

/** A copy of a party's device, with a copy of the letters that wait for it. */
interface Copy {
  readonly party: Party;
  readonly waiting: Map<Bytes32, SentLetter>;
  /** Entries that were put on a log. */
  readonly entries: Set<string>;
}

async function copyOf(original: Party): Promise<() => Copy> {
  const { agent, device } = original;
  assert.ok(device instanceof SimulatedDevice);
  const salt = `0x${'11'.repeat(16)}` as const;
  const collect = { taken: [], deadline: BEGIN + 300, salt };
  const letters = await agent.collect(sign(original, original, 'Collect', collect));
  return () => {
    const waiting = new Map<Bytes32, SentLetter>();
    const add = (sent: SentLetter): void => {
      waiting.set(digestOf(original, 'Letter', sent.request.message), sent);
    };
    for (const letter of letters) add(letter);
    const entries = new Set<string>();
    const party = behind(original, {
      collect: async ({ message }) => {
        for (const id of message.taken) waiting.delete(id);
        return await Promise.resolve([...waiting.values()]);
      },
      send: async (letter) => {
        add(letter);
        await Promise.resolve();
      },
      submit: async (submissions) => {
        const outcomes = await agent.submit(submissions);
        for (const each of outcomes) {
          if (each?.outcome === 'acknowledged') entries.add(each.acknowledgement.entry);
        }
        return outcomes;
      },
    });
    return { party: { ...party, device: device.copy() }, waiting, entries };
  };
}

/** Checks the inbox, and applies what came. */
async function check(party: Party): Promise<void> {
  await checkInbox(party);
  if (party.address === care.patient.address) await addDispenses(party, prescriptions);
}

function sorted(values: readonly string[]): readonly string[] {
  return values.toSorted();
}

/** Everything that came of the letters. */
async function resultOf({ party, waiting, entries }: Copy): Promise<unknown> {
  const { asked, askedFor } = await readAllAsked(party);
  return {
    asked: sorted(asked.map(({ digest, answer }) => `${digest} ${answer}`)),
    askedFor: sorted(askedFor.map(({ digest, answer }) => `${digest} ${answer}`)),
    rights: sorted((await knownRights(party)).map(({ digest }) => digest)),
    mistakes: sorted((await readMistakes(party)).map(({ id, answer }) => `${id} ${answer?.words}`)),
    steps: sorted((await claimsTold(party)).map(({ request }) => request.signature)),
    orders: sorted(
      (await ordersKept(party)).map((each) => JSON.stringify(each, Object.keys(each).toSorted())),
    ),
    held: (await readHeld(party)).length,
    dispenses: (await DISPENSES.read(party)).length,
    others: [...waiting.values()].filter(({ request }) => request.party !== party.address).length,
    added: entries.size,
  };
}

for (const [who, find] of Object.entries({
  'a patient': (): Party => care.patient,
  'a doctor': (): Party => care.doctor,
})) {
  describe(`the inbox of ${who}, while a port fails once`, () => {
    // @actor a node that lets one call fail, before it is done or after | has a letter of any kind taken and lost, or taken twice
    it('comes to what it comes to without the failure, at whichever call', async () => {
      const copy = await copyOf(find());
      const whole = copy();
      const counted = failingOnce(whole.party, 0, false);
      await check(counted.party);
      const expected = await resultOf(whole);
      const { added, dispenses, held } = expected as Record<string, number>;
      assert.deepEqual([added, dispenses, held], [who === 'a patient' ? 2 : 0, 0, 0]);
      const places = timesOf(counted.calls());
      const step = counted.calls() / places;
      for (let at = 0; at < places; at++) {
        for (const isDone of [false, true]) {
          const place = Math.floor(at * step) + 1;
          const one = copy();
          const failing = failingOnce(one.party, place, isDone);
          await check(failing.party).catch((error: Error) => {
            assert.equal(error.message, FAILED);
          });
          await check(failing.party);
          assert.deepEqual(await resultOf(one), expected, `call ${place} ${isDone}`);
        }
      }
    });
  });
}
