import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  submitted,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';

const LOG = 'care/hospital';
const record = word('record');
let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** A version 1 of the record, for which requests are still taken when others' promises are long due. */
async function version(): Promise<Write> {
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  return await writeOf(care, { record, deadline });
}

/** Has two of three coordinators agree to a write that its agent then loses. */
async function lose(write: Write): Promise<void> {
  const body = judgedBody(network, care, sign(care.doctor, care.doctor, 'Write', write));
  for (const name of ['laboratory', 'insurer']) {
    const { coordinator } = network.services(name);
    const { verdict } = await coordinator.judge({ log: LOG, bodies: [body] });
    assert.ok(verdict !== undefined);
  }
}

async function outcomeOf(write: Write): Promise<ErrorCode | 'acknowledged'> {
  const outcome = await submitted(care.doctor, submissionOf(care, 'Write', write));
  return outcome.outcome === 'refused' ? outcome.problem.code : 'acknowledged';
}

/** Has something else stand in the log, judged now, and the peers copy it. */
async function goOn(): Promise<void> {
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care, { deadline })));
  await network.checkpoint();
}

describe('the number of a version', () => {
  it('that was promised to an entry which never came is free once the log went on without it', async () => {
    await lose(await version());
    await goOn();
    assert.equal(await outcomeOf(await version()), 'REQUEST_ALTERED');
    network.clock.advance(71_000);
    assert.equal(
      await outcomeOf(await version()),
      'REQUEST_ALTERED',
      'the log is not known to have gone on',
    );
    await goOn();
    assert.equal(await outcomeOf(await version()), 'acknowledged');
  });

  it('is not free where the log went on only to entries that were judged before the promise was due', async () => {
    await lose(await version());
    network.clock.advance(70_000);
    await goOn();
    assert.equal(await outcomeOf(await version()), 'REQUEST_ALTERED');
  });

  it('goes to the first of two writes of an array, the second alone being refused', async () => {
    const [one, other, third] = await Promise.all([version(), version(), writeOf(care)]);
    const bodies = [
      one,
      { ...other, version: 1, salt: `0x${'ab'.repeat(16)}` } as Write,
      third,
    ].map((write) => judgedBody(network, care, sign(care.doctor, care.doctor, 'Write', write)));
    const { coordinator } = network.services('laboratory');
    const { refused, verdict } = await coordinator.judge({ log: LOG, bodies });
    assert.deepEqual(
      refused.map(({ index, problem }) => [index, problem.code]),
      [[1, 'REQUEST_ALTERED']],
    );
    assert.equal(verdict?.verdict.size, 2);
    const again = await coordinator.judge({ log: LOG, bodies });
    assert.deepEqual(again.refused, refused, 'the first one keeps it');
  });

  it('goes to the promised entry when that comes after all', async () => {
    const write = await version();
    await lose(write);
    assert.equal(await outcomeOf(write), 'acknowledged');
  });

  it('that stands in the log is taken for ever', async () => {
    const write = await version();
    assert.equal(await outcomeOf(write), 'acknowledged');
    network.clock.advance(200_000);
    await goOn();
    const other = judgedBody(
      network,
      care,
      sign(care.doctor, care.doctor, 'Write', await version()),
    );
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const { coordinator } = network.services(name);
      const { refused } = await coordinator.judge({ log: LOG, bodies: [other] });
      assert.equal(refused[0]?.problem.code, 'REQUEST_ALTERED', name);
    }
    assert.ok(network.clock.now() < (BEGIN + 3600) * 1000, 'the right still holds');
  });
});
