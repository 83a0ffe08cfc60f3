import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { seconds } from '../../protocol/Clock.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { changeKey } from '../party/changeKey.ts';
import type { Party } from '../party/Party.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** Does something, and returns the submissions that it sent. */
async function sentBy(
  party: Party,
  work: (party: Party) => Promise<unknown>,
): Promise<readonly Submission[]> {
  const sent: Submission[] = [];
  const submit = async (asked: readonly Submission[]): Promise<readonly Outcome[]> => {
    sent.push(...asked);
    return await party.agent.submit(asked);
  };
  await work(behind(party, { submit }));
  return sent;
}

/** Answers to submissions: what was answered, or the code. */
async function answersTo(...submissions: readonly Submission[]): Promise<readonly string[]> {
  const outcomes = await care.doctor.agent.submit(submissions);
  return outcomes.map((each) => {
    return each.outcome === 'refused' ? fromProblem(each.problem).code : each.outcome;
  });
}

async function newDoctor(): Promise<{ party: Party; right: Parameters<typeof readChart>[1] }> {
  const party = await network.party('doctor');
  const { grant } = await grantRight(care.patient, everything(party));
  return { party, right: { handle: care.handle, grant, purpose: 'TREAT' } };
}

describe('a request that is repeated after its party changed the key', () => {
  it('gets its first answer again, if it was a write', async () => {
    const { party, right } = await newDoctor();
    const note = { ...right, category: 'vitals', content: utf8ToBytes('pulse') } as const;
    const [written = assert.fail()] = await sentBy(party, async (doctor) => {
      await addRecord(doctor, note);
    });
    await changeKey(party, network.ports.random(32));
    assert.deepEqual(await answersTo(written), ['acknowledged']);
  });

  // @actor a thief of a former key who repeats a view that was answered | has the keys released again, as a repeated write gets its acknowledgement again
  it('releases nothing again, if it was a view', async () => {
    const { party, right } = await newDoctor();
    const viewed = await sentBy(party, async (doctor) => await readChart(doctor, right));
    await changeKey(party, network.ports.random(32));
    const answers = new Set(await answersTo(...viewed));
    assert.deepEqual([...answers], ['SIGNATURE_INVALID']);
  });

  // @actor a thief of a former key who sends what was never answered | gets it in as a repeat
  it('is refused if it was never answered, or is altered', async () => {
    const { party, right } = await newDoctor();
    const note = { ...right, category: 'vitals', content: utf8ToBytes('blood') } as const;
    const unsent: Submission[] = [];
    const submit = async (asked: readonly Submission[]): Promise<never> => {
      unsent.push(...asked);
      return await Promise.reject(new Error('cut off'));
    };
    await assert.rejects(addRecord(behind(party, { submit }), note));
    const [written = assert.fail()] = await sentBy(party, async (doctor) => {
      await addRecord(doctor, note);
    });
    const message = { ...written.request.message, salt: `0x${'12'.repeat(16)}` };
    const altered = sign(party, party, 'Write', message as never) as Submission['request'];
    await changeKey(party, network.ports.random(32));
    assert.deepEqual(await answersTo(...unsent, { ...written, request: altered }), [
      'SIGNATURE_INVALID',
      'SIGNATURE_INVALID',
    ]);
  });

  it('is placed where it was, if it is a rule, and no new one is taken', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 3);
    const right = { ...everything(care.doctor), until: seconds(network.clock) + 3600 };
    const given = await sentBy(patient, async (party) => await grantRight(party, right));
    const grants = given.filter(({ request }) => request.type === 'Grant');
    const [granted = assert.fail()] = grants;
    const message = { ...granted.request.message, deadline: seconds(network.clock) + 200 };
    const another = sign(patient, patient, 'Grant', message as never) as Submission['request'];
    await changeKey(patient, network.ports.random(32));
    assert.deepEqual(await answersTo(granted), ['placed']);
    assert.deepEqual(await answersTo({ ...granted, request: another }), ['SIGNATURE_INVALID']);
  });
});
