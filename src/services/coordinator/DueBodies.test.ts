import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { acknowledgedBy, judgedBody, submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { bodyKey } from './coordinatorKeys.ts';
import { DueBodies } from './DueBodies.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** Counts the bodies, and the rows of due ones, that the laboratory's coordinator keeps. */
async function kept(): Promise<readonly [bodies: number, due: number]> {
  const database = network.database('laboratory', 'coordinator');
  const count = async (kind: string): Promise<number> =>
    (await database.keys({ gt: `${kind}/`, lt: `${kind}0` }).all()).length;
  return [await count('body'), await count('due')];
}

/** The due bodies of the laboratory's coordinator, as a start reads them. */
function dueBodies(most?: number, hasEnded = false): DueBodies {
  const database = network.database('laboratory', 'coordinator');
  const { logs } = network.services('laboratory');
  return new DueBodies({
    database,
    logs,
    cameToNothing: async (log, includeBy) =>
      hasEnded || (await wentBeyond(logs.get(log) ?? assert.fail(), includeBy)),
    random: network.ports.random,
    ...(most !== undefined && { most }),
  });
}

async function collect(): Promise<void> {
  await dueBodies().collect();
}

/** A deadline that is to come. */
function soon(): number {
  return Math.floor(network.clock.now() / 1000) + 300;
}

/** Has the laboratory judge a view that nobody enters. */
async function promise(): Promise<void> {
  const view = viewOf(care, { deadline: soon() });
  const body = judgedBody(network, care, sign(care.doctor, care.doctor, 'View', view));
  const { coordinator } = network.services('laboratory');
  assert.ok((await coordinator.judge({ log: LOG, bodies: [body] })).verdict);
}

describe('bodies that a coordinator judged', () => {
  it('stay where their log holds them', async () => {
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
    await network.checkpoint();
    const [bodies, due] = await kept();
    assert.ok(due > 0);
    await collect();
    assert.deepEqual(await kept(), [bodies, 0]);
  });

  it('go where the log went on without them, and not before', async () => {
    const [before] = await kept();
    for (let i = 0; i < 3; i++) await promise();
    await collect();
    assert.deepEqual(await kept(), [before + 3, 3], 'they may still come');
    network.clock.advance(1_000_000);
    await collect();
    assert.deepEqual(await kept(), [before + 3, 3], 'an idle log may have been cut off');
    const view = viewOf(care, { deadline: soon() });
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', view));
    await network.checkpoint();
    await collect();
    assert.deepEqual(await kept(), [before + 1, 0]);
  });

  it('stay while a later promise of the same body can still be met', async () => {
    const [before] = await kept();
    const view = viewOf(care, { deadline: soon() });
    const body = judgedBody(network, care, sign(care.doctor, care.doctor, 'View', view));
    const { coordinator } = network.services('laboratory');
    await coordinator.judge({ log: LOG, bodies: [body] });
    network.clock.advance(4_000);
    await coordinator.judge({ log: LOG, bodies: [body] });
    assert.deepEqual(await kept(), [before + 1, 2]);
    // The log goes on beyond the first promise, not beyond the second, and then beyond that.
    for (const [milliseconds, rows] of [
      [68_000, [before + 2, 1]],
      [60_000, [before + 2, 0]],
    ] as const) {
      network.clock.advance(milliseconds);
      const next = viewOf(care, { deadline: soon() });
      await acknowledgedBy(care.doctor, submissionOf(care, 'View', next));
      await network.checkpoint();
      await collect();
      assert.deepEqual(await kept(), rows);
    }
  });

  // @attack an organisation leaves with an erasure that it acknowledged, and what the patient had erased is read again | the coordinators that agreed keep it
  it('go where the log ended without them, but for erasures: nobody signs those again', async () => {
    const database = network.database('laboratory', 'coordinator');
    const [before] = await kept();
    await promise();
    const erasing = { entry: word('erasure'), request: word('erase'), deadline: soon() };
    const bodies = [{ ...erasing, erases: true }];
    const { key, value } = dueBodies().row({ log: LOG, includeBy: soon(), bytes: 9, bodies });
    await database.put(key, value);
    await database.put(bodyKey(erasing.entry), 'sealed');
    await collect();
    assert.deepEqual(await kept(), [before + 2, 2]);
    await dueBodies(undefined, true).collect();
    assert.deepEqual(await kept(), [before + 1, 1]);
    assert.equal(await database.get(bodyKey(erasing.entry)), 'sealed');
    await database.batch([key, bodyKey(erasing.entry)].map((each) => ({ type: 'del', key: each })));
  });

  // @attack a log has bodies judged and never enters them, until a coordinator's disk is full | they are forgotten when the log went on without them, and limited until then
  it('have a limit for each log while it holds none of them, also after a restart', async () => {
    await promise();
    assert.equal(await dueBodies(100).hasRoom(LOG), false);
    assert.equal(await dueBodies(100).hasRoom('care/insurer'), true);
    assert.equal(await dueBodies().hasRoom(LOG), true);
  });

  it('have no more room by what was collected before it was counted', async () => {
    for (let i = 0; i < 4; i++) {
      const view = viewOf(care, { deadline: soon() });
      await acknowledgedBy(care.doctor, submissionOf(care, 'View', view));
    }
    await network.checkpoint();
    await promise();
    const due = dueBodies(100);
    await due.collect();
    assert.equal(await due.hasRoom(LOG), false);
  });
});
