import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { judgedBody, submissionOf, submitted, viewOf, writeOf } from '../../node/test/requests.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { readAudit } from '../../client/audit/readAudit.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Summary } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { createRefusals } from './Refusals.ts';

const LOG = 'care/hospital';
const open: TestNetwork[] = [];
after(async () => await Promise.all(open.map(async (network) => await network.close())));

async function start(refusals = 3): Promise<{ network: TestNetwork; care: Care }> {
  const network = await startTestNetwork({ cared: true, quotas: { refusals } });
  open.push(network);
  return { network, care: await startCare(network) };
}

/** All that the hospital's log holds, checkpointed and copied. */
async function entriesOf(network: TestNetwork, organisation = 'hospital'): Promise<string[]> {
  await network.checkpoint();
  const { contributor } = network.services(organisation);
  const size = (await contributor.latestCheckpoint(LOG))?.checkpoint.size ?? 0;
  return (await contributor.read({ log: LOG, from: 0, to: size })).map(({ body = '' }) => body);
}

/** Lets a minute pass, and what begins by it end. */
async function passMinute(network: TestNetwork): Promise<void> {
  network.clock.advance(60_000);
  // A summary is ahead of this in the agent's and the log's queues.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function forged({ doctor, patient, ...care }: Care): Submission {
  const { request } = submissionOf(
    { doctor, patient, ...care },
    'View',
    viewOf({ doctor, patient, ...care }),
  );
  return { request: { ...request, party: patient.address } };
}

describe('refusals', () => {
  it('of one party get as many entries in a minute as its quota says, and others have their own', async () => {
    const { network, care } = await start();
    const refuse = async (party: Care['doctor']): Promise<boolean> => {
      const outcome = await submitted(party, submissionOf(care, 'View', viewOf(care), party));
      assert.ok(outcome.outcome === 'refused' && outcome.problem.code === 'RIGHT_MISSING');
      return outcome.acknowledgement !== undefined;
    };
    const stranger = [];
    for (let i = 0; i < 5; i++) stranger.push(await refuse(care.stranger));
    assert.deepEqual(stranger, [true, true, true, false, false]);
    assert.equal(await refuse(care.patient), true);
    assert.equal((await entriesOf(network)).length, 4);
    network.clock.advance(60_000);
    assert.equal(await refuse(care.stranger), true, 'in the next minute');
  });

  it('without an entry of their own become one summary a minute, which names nobody', async () => {
    const { network, care } = await start(1);
    const flood = [
      ...Array.from({ length: 40 }, () => forged(care)),
      ...Array.from({ length: 7 }, () => null as unknown as Submission),
      submissionOf(care, 'View', viewOf(care, { log: 'care/insurer' })),
      ...[1, 2, 3].map(() => submissionOf(care, 'View', viewOf(care), care.stranger)),
    ];
    await network.agent().submit(flood);
    assert.equal((await entriesOf(network)).length, 1, 'the one refusal of its quota');
    await passMinute(network);
    const bodies = await entriesOf(network);
    assert.equal(bodies.length, 2);
    const summary = parseEntryBody(bodies[1] ?? '') as Summary;
    const counts = { SIGNATURE_INVALID: 40, REQUEST_MALFORMED: 7, LOG_WRONG: 1, RIGHT_MISSING: 2 };
    assert.deepEqual({ ...summary.counts }, counts);
    assert.deepEqual(Object.keys(summary).toSorted(), ['at', 'counts', 'format', 'log', 'salt']);
    assert.deepEqual(await entriesOf(network, 'insurer'), bodies, 'copied like any other entry');
    await passMinute(network);
    assert.equal((await entriesOf(network)).length, 2, 'none if nothing was counted');
    assert.deepEqual(network.failures, []);
  });

  it('in a summary are on no patient’s audit', async () => {
    const { network, care } = await start();
    await network.agent().submit([forged(care)]);
    await passMinute(network);
    await network.checkpoint();
    const { logs } = await readAudit(lyingTo(network, care.patient, {}));
    const events = logs.flatMap((log) => log.events);
    assert.ok(events.length > 0);
    assert.ok(events.every(({ body }) => body?.format === 'medseal-body/1'));
  });

  it('that could not be entered are in the next summary', async () => {
    const { network, care } = await start();
    await network.agent().submit([forged(care)]);
    for (const name of ['laboratory', 'insurer']) {
      const away = { ...network.services(name).coordinator, judge: unreachable };
      network.liars.coordinator.set(name, away);
    }
    await passMinute(network);
    assert.equal((await entriesOf(network).catch(() => [])).length, 0);
    assert.equal(network.failures.length, 1);
    network.liars.coordinator.clear();
    await network.agent().submit([forged(care)]);
    await passMinute(network);
    const [body] = await entriesOf(network);
    assert.deepEqual(
      { ...(parseEntryBody(body ?? '') as Summary).counts },
      { SIGNATURE_INVALID: 2 },
    );
  });

  // @actor outsider | to fill a log with forged requests
  it('by the thousand cost no entry but the summary', async () => {
    const { network, care } = await start();
    const wrong = forged(care);
    const flood = Array.from({ length: 1000 }, () => wrong);
    for (let call = 0; call < 3; call++) await network.agent().submit(flood);
    await passMinute(network);
    const bodies = await entriesOf(network);
    assert.equal(bodies.length, 1);
    assert.deepEqual(
      { ...(parseEntryBody(bodies[0] ?? '') as Summary).counts },
      {
        SIGNATURE_INVALID: 3000,
      },
    );
  });

  it('are counted in memory that does not grow with them', () => {
    const clock = new TestClock(0);
    const refusals = createRefusals(
      { clock },
      { perMinute: 20, enter: async () => await Promise.resolve(), onFailure: () => assert.fail() },
    );
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1_000_000; i++) refusals.count('SIGNATURE_INVALID');
    assert.ok(process.memoryUsage().heapUsed - before < 16 * 2 ** 20);
    assert.equal(clock.pending, 1);
    refusals.stop();
    assert.equal(clock.pending, 0);
  });
});

describe('a coordinator that judges a summary', () => {
  it('refuses every form but the one, a moment that is not now, and another log', async () => {
    const { network } = await start();
    const now = Math.floor(network.clock.now() / 1000);
    const wrong: [string, object, ErrorCode][] = [
      ['words of its own', { counts: { DOCTOR_BAD: 1 } }, 'REQUEST_MALFORMED'],
      ['no count', { counts: {} }, 'REQUEST_MALFORMED'],
      ['a count of 0', { counts: { LOG_WRONG: 0 } }, 'REQUEST_MALFORMED'],
      ['a count that is not a number', { counts: { LOG_WRONG: '1' } }, 'REQUEST_MALFORMED'],
      ['counts in a list', { counts: [1] }, 'REQUEST_MALFORMED'],
      ['a field more', { party: ZERO32 }, 'REQUEST_MALFORMED'],
      ['no salt', { salt: '0x' }, 'REQUEST_MALFORMED'],
      ['a moment ago', { at: now - 6 }, 'CLOCK_SKEWED'],
      ['a moment ahead', { at: now + 6 }, 'CLOCK_SKEWED'],
      ['another log', { log: 'care/insurer' }, 'LOG_WRONG'],
    ];
    const { coordinator } = network.services('insurer');
    const bodies = wrong.map(([, change]) => summary(network, change));
    const { refused, verdict } = await coordinator.judge({ log: LOG, bodies });
    assert.equal(verdict, undefined);
    for (const [place, [name, , code]] of wrong.entries()) {
      assert.equal(refused[place]?.problem.code, code, name);
    }
  });

  it('agrees to one in a minute, at once or after a restart, and to that one again', async () => {
    const { network, care } = await start();
    const judge = async (...bodies: { body: string }[]): Promise<(ErrorCode | undefined)[]> => {
      const { coordinator } = network.services('insurer');
      const { refused } = await coordinator.judge({ log: LOG, bodies });
      return bodies.map((_, at) => refused.find(({ index }) => index === at)?.problem.code);
    };
    const first = summary(network);
    const other = summary(network, { counts: { LOG_WRONG: 9 } });
    assert.deepEqual(await judge(first, other), [undefined, 'QUOTA_SPENT']);
    await network.restart('insurer');
    assert.deepEqual(await judge(other, first), ['QUOTA_SPENT', undefined]);
    network.clock.advance(59_000);
    assert.deepEqual(await judge(summary(network)), ['QUOTA_SPENT']);
    network.clock.advance(1000);
    assert.deepEqual(await judge(summary(network)), [undefined]);
    const request = sign(care.doctor, care.doctor, 'Write', await writeOf(care));
    assert.deepEqual(await judge(judgedBody(network, care, request)), [undefined]);
  });
});

async function unreachable(): Promise<never> {
  return await Promise.reject(new Error('away'));
}

/** A summary as the hospital's agent would make it now, changed where said. */
function summary({ clock }: TestNetwork, change: object = {}): { body: string } {
  const body = canonicalJson({
    format: 'medseal-summary/1',
    log: LOG,
    at: Math.floor(clock.now() / 1000),
    counts: { SIGNATURE_INVALID: 1 },
    salt: `0x${'07'.repeat(16)}`,
    ...change,
  });
  return { body };
}
