import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { submissionOf, viewOf, writeOf } from '../../node/test/requests.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { changeKey } from '../../client/party/changeKey.ts';
import type { AgentContext } from './AgentContext.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import { refuseElsewhere } from './answersElsewhere.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork();
  care = await startCare(network);
});
after(async () => await network.close());

/** Asks the insurer's agent. */
async function askInsurer(submission: Submission): Promise<Outcome | undefined> {
  const { agent } = behind(care.doctor, network.services('insurer').agent);
  return (await agent.submit([submission]))[0];
}

/** That the doctor asks for a right, on the hospital's log. */
function asking(name: string): Submission {
  const message = {
    log: 'care/hospital',
    what: 'request',
    handle: care.handle,
    request: word(name),
    grant: ZERO32,
    purpose: 'TREAT',
    deadline: seconds(network.clock) + 300,
    salt: `0x${'07'.repeat(16)}`,
  } as const;
  return { request: sign(care.doctor, care.doctor, 'Ask', message) };
}

/** The insurer's agent, with a copy of the hospital's log that went beyond a request whose deadline is in five minutes. */
function insurerWith(copied: {
  readonly unknown?: readonly number[];
  readonly answered?: readonly number[];
  readonly at?: number;
}): AgentContext {
  const last = seconds(network.clock) + 300 + (copied.at ?? 1000);
  const copy = {
    identity: { name: 'care/hospital' },
    latestCheckpoint: async () => await Promise.resolve({ checkpoint: { size: 1 } }),
    stored: async () => await Promise.resolve([{ at: last }]),
    unknown: async () => await Promise.resolve(copied.unknown ?? []),
    answeredAt: async () => await Promise.resolve(copied.answered ?? [undefined]),
  };
  return {
    log: {},
    logs: new Map([['care/hospital', copy]]),
    cameToNothing: async (_: string, by: number) => await wentBeyond(copy as never, by),
  } as unknown as AgentContext;
}

function codeOf(outcome: Outcome | undefined): string | undefined {
  return outcome?.outcome === 'refused' ? outcome.problem.code : outcome?.outcome;
}

describe('an agent that gets a request for another organisation’s log', () => {
  it('gives the answer that its copy of that log has, with the entry and its verdicts', async () => {
    const submission = asking('answered');
    const [first] = await care.doctor.agent.submit([submission]);
    assert.equal(codeOf(first), 'acknowledged');
    assert.equal(codeOf(await askInsurer(submission)), 'NOT_YET');
    await network.checkpoint();
    assert.deepEqual(await askInsurer(submission), first);
  });

  it('gives a refusal that has an entry too', async () => {
    const write = await writeOf(care, { begunBy: care.stranger.address });
    const refused = submissionOf(care, 'Write', write, care.stranger);
    const [first] = await care.stranger.agent.submit([refused]);
    assert.equal(codeOf(first), 'RIGHT_MISSING');
    await network.checkpoint();
    assert.deepEqual(await askInsurer(refused), first);
  });

  // @attack whoever saw a request of a party signs it again, or sends it to another organisation's agent, to read the answer | only its party's signature gets it, and no view is answered there
  it('answers nobody but the party, and no views', async () => {
    const submission = asking('of the doctor');
    await care.doctor.agent.submit([submission]);
    await network.checkpoint();
    const { message } = submission.request;
    const forged = sign(
      care.doctor,
      { ...signatory('nobody'), address: care.doctor.address },
      'Ask',
      message as never,
    );
    assert.equal(codeOf(await askInsurer({ request: forged })), 'SIGNATURE_INVALID');
    const view = submissionOf(care, 'View', viewOf(care));
    await care.doctor.agent.submit([view]);
    await network.checkpoint();
    assert.equal(codeOf(await askInsurer(view)), 'LOG_WRONG');
  });

  it('says that the request is in no log once the other log went on beyond it, so that it can be signed again', async () => {
    const submission = asking('never sent');
    assert.equal(codeOf(await askInsurer(submission)), 'NOT_YET');
    network.clock.advance(900_000);
    assert.equal(codeOf(await askInsurer(submission)), 'NOT_YET');
    await care.doctor.agent.submit([asking('later')]);
    await network.checkpoint();
    assert.equal(codeOf(await askInsurer(submission)), 'LOG_WRONG');
  });

  it('knows nothing of a former key’s request until its copy shows whether there is an answer', async () => {
    const party = await network.party('doctor');
    const { request } = asking('of a former key');
    const former = sign(party, party, 'Ask', request.message as never);
    await party.agent.submit([{ request: former }]);
    await changeKey(party, network.ports.random(32));
    assert.equal(codeOf(await askInsurer({ request: former })), 'NOT_YET');
    await network.checkpoint();
    assert.equal(codeOf(await askInsurer({ request: former })), 'acknowledged');
  });

  it('has a batch of readings signed again at once: its record has one name in whichever log', async () => {
    const { request } = asking('with readings');
    const received = { place: 0, digest: word('digest'), request, readings: {} } as never;
    const outcomes = new Map<number, Outcome>();
    assert.deepEqual(await refuseElsewhere(insurerWith({}), [received], outcomes), []);
    assert.equal(codeOf(outcomes.get(0)), 'LOG_WRONG');
  });

  for (const [name, change] of [
    ['has an entry whose body did not come', { unknown: [3] }],
    ['has got the answer meanwhile', { answered: [5] }],
    ['ends with an entry that was judged while the request could still be promised', { at: 100 }],
  ] as const) {
    it(`waits where its copy ${name}`, async () => {
      const { request } = asking('waits');
      const outcomes = new Map<number, Outcome>();
      const received = { place: 0, digest: word('digest'), request } as never;
      await refuseElsewhere(insurerWith(change), [received], outcomes);
      assert.equal(codeOf(outcomes.get(0)), 'NOT_YET');
    });
  }

  it('refuses a request for a log that the channel does not have', async () => {
    const { request } = asking('elsewhere');
    const message = { ...request.message, log: 'other/hospital' };
    const changed = sign(care.doctor, care.doctor, 'Ask', message as never);
    assert.equal(codeOf(await askInsurer({ request: changed })), 'LOG_WRONG');
  });
});
