import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { contextOf } from '../../node/contextOf.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { HANDOVER } from '../../protocol/network/officesOf.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import type { CheckpointRequest } from '../ports.ts';
import { AwaitedCheckpoints, RETURNING } from './AwaitedCheckpoints.ts';

/** An organisation that was restored from a backup may have forgotten what another's log presented to it. */

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;

afterEach(async () => await network.close());

async function start(options: Parameters<typeof startTestNetwork>[0] = {}): Promise<void> {
  network = await startTestNetwork({ cared: true, ...options });
  care = await startCare(network);
}

function seconds(): number {
  return Math.floor(network.clock.now() / 1000);
}

async function add(text: string): Promise<void> {
  const { patient, handle } = care;
  const content = utf8ToBytes(text);
  await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
}

/** Restores organisations to what they are now, and has them learn what they missed. */
async function restore(names: readonly Organisation[], othersWentOn = true): Promise<void> {
  for (const name of names) {
    const restored = { restoredAt: seconds(), othersWentOn };
    await network.rollBack(name, await network.save(name), restored);
    const { rejoining } = network.services(name);
    await rejoining.go().catch((error: unknown) => {
      assert.ok(isMedsealError(error, 'NODE_BEHIND'), String(error));
    });
  }
  network.clock.advance(10_000);
  for (const name of names) await network.services(name).rejoining.go();
}

/** Lets them judge again: what they judged before their return and forgot binds no more. */
async function judgeAgain(...names: readonly Organisation[]): Promise<void> {
  network.clock.advance(60_000);
  for (const name of names) await network.services(name).rejoining.go();
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
}

/** Makes a checkpoint of the hospital's log, and returns the requests that a coordinator refused, with the code. */
async function checkpoint(name: Organisation = 'laboratory'): Promise<readonly string[]> {
  const codes: string[] = [];
  const { coordinator } = network.services(name);
  network.liars.coordinator.set(name, {
    ...coordinator,
    async signCheckpoint(request: CheckpointRequest) {
      try {
        return await coordinator.signCheckpoint(request);
      } catch (error) {
        codes.push(isMedsealError(error) ? error.code : String(error));
        throw error;
      }
    },
  });
  await network.checkpoint();
  network.liars.coordinator.delete(name);
  return codes;
}

async function awaited(name: Organisation = 'laboratory'): Promise<number> {
  return await network.services(name).coordinator.awaited(LOG);
}

async function size(): Promise<number> {
  const { index } = network.services();
  await index.refresh();
  return index.checkpoint(logOf(network.file, LOG).log.id)?.size ?? 0;
}

describe('a coordinator that was restored from a backup', () => {
  // @actor the organisation of a log, once an organisation that it showed a view to was restored from a backup | to have another history checkpointed with the organisation that forgot
  it('signs for no other log before the ledger holds a checkpoint of 300 s after its return', async () => {
    await start();
    await add('before');
    await network.checkpoint();
    const began = seconds();
    await restore(['laboratory']);
    assert.equal(await awaited(), began + 10 + RETURNING);
    await add('at once');
    assert.deepEqual(await checkpoint(), ['CHECKPOINT_AWAITED']);
    assert.equal(await size(), 2, 'the others go on');
    network.clock.advance((RETURNING - 1) * 1000);
    await add('a second too early');
    assert.deepEqual(await checkpoint(), ['CHECKPOINT_AWAITED']);
    network.clock.advance(1000);
    await add('the first one that is late enough');
    assert.deepEqual(await checkpoint(), ['CHECKPOINT_AWAITED']);
    assert.equal(await size(), 4);
    const { coordinator: lab } = network.services('laboratory');
    assert.deepEqual(await lab.awaitedCheckpoints(), [
      { log: LOG, after: began + 10 + RETURNING },
      { log: 'care/insurer', after: began + 10 + RETURNING },
    ]);
    await add('after it');
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...coordinator, signCheckpoint: away });
    assert.deepEqual(await checkpoint(), []);
    assert.equal(await size(), 5);
    assert.equal(await awaited(), 0);
  });

  it('says so with a code that is worth another try, and signs of its own log what it knows', async () => {
    await start();
    await restore(['laboratory', 'hospital']);
    await judgeAgain('laboratory', 'hospital');
    await add('a note');
    assert.deepEqual(await checkpoint('hospital'), []);
    await add('one more');
    const { coordinator } = network.services('laboratory');
    const moment = new Date(1000 * (await awaited())).toISOString();
    const asked = { log: LOG, note: '', from: 0, entries: [], verdicts: [] } as const;
    await assert.rejects(coordinator.signCheckpoint(asked), (error: unknown) => {
      failsWith('CHECKPOINT_AWAITED', { log: LOG, moment })(error);
      return error instanceof MedsealError && error.retry;
    });
    assert.equal(await network.services().coordinator.awaited(LOG), 0);
  });

  it('takes in meanwhile what is presented to it, so that a release may rest on it', async () => {
    await start();
    await restore(['laboratory']);
    await judgeAgain('laboratory');
    await add('presented as it is entered');
    assert.equal(await network.services('laboratory').coordinator.knownSize(LOG), 1);
  });

  it('waits on after a restart, and longer after another restore', async () => {
    await start();
    await restore(['laboratory']);
    const first = await awaited();
    await judgeAgain('laboratory');
    await network.restart('laboratory');
    assert.equal(await awaited(), first);
    await restore(['laboratory']);
    assert.equal(await awaited(), first + 70);
  });

  it('waits by the ledger’s time where that is ahead of its clock', async () => {
    await start();
    await add('made by a block of a later time');
    await network.checkpoint();
    const { index } = network.services('laboratory');
    await index.refresh();
    network.clock.advance(-4000);
    const early = seconds();
    await restore(['laboratory']);
    assert.ok(index.blockTime > early);
    assert.ok((await awaited()) >= index.blockTime + RETURNING);
  });

  it('waits for nothing where all of the network was restored with it', async () => {
    await start();
    await restore(['laboratory'], false);
    assert.equal(await awaited(), 0);
  });

  it('waits for nothing where the others cannot make a checkpoint without it', async () => {
    await start({ thresholds: { writes: 3, views: 3 } });
    await restore(['laboratory']);
    assert.equal(await awaited(), 0);
    await judgeAgain('laboratory');
    await add('judged by all');
    assert.deepEqual(await checkpoint(), []);
    assert.equal(await size(), 1);
  });

  it('may have forgotten what it signed of a log until the ledger has one of 300 s after its return, whoever waits', async () => {
    // All must sign: it waits for none.
    await start({ thresholds: { writes: 3, views: 3 } });
    await add('before');
    await network.checkpoint();
    await network
      .database('laboratory', 'coordinator')
      .put(`ended/${LOG}`, '{"size":1,"own":true}');
    await restore(['laboratory']);
    await judgeAgain('laboratory');
    const { index } = network.services('laboratory');
    const context = contextOf(network.ports, {
      network: network.file,
      organisation: 'laboratory',
      index,
    });
    const database = network.database('laboratory', 'coordinator');
    assert.equal(await database.get(`ended/${LOG}`), undefined, 'nor did it end any');
    const awaited = new AwaitedCheckpoints(context, {
      database,
      logs: new Map(),
      others: new Map(),
    });
    assert.equal(await awaited.of(LOG), 0);
    assert.equal(await awaited.mayHaveForgotten(LOG), true);
    assert.equal(await awaited.mayHaveForgotten('care/laboratory'), false);
    // As an earlier version noted it.
    await database.put('awaited/care/insurer', (await database.get(`forgotten/${LOG}`)) ?? '');
    await database.del('forgotten/care/insurer');
    assert.equal(await awaited.mayHaveForgotten('care/insurer'), true);
    await database.del('awaited/care/insurer');
    await add('too early');
    await network.checkpoint();
    await index.refresh();
    assert.equal(await awaited.mayHaveForgotten(LOG), true);
    network.clock.advance(RETURNING * 1000);
    await add('late enough');
    await network.checkpoint();
    await index.refresh();
    assert.equal(await awaited.mayHaveForgotten(LOG), false);
  });

  it('waits no more for a log whose organisation left, and knows on that it may have forgotten what it signed of it', async () => {
    await start();
    await restore(['laboratory']);
    const channels = network.file.channels.map(({ coordinators, ...channel }) => ({
      ...channel,
      // The insurer can make a checkpoint alone: the wait is not in vain.
      thresholds: { writes: 1, views: 1 },
      coordinators: coordinators.filter(({ organisation }) => organisation !== 'hospital'),
    }));
    const until = seconds() + 10;
    const before = [{ fingerprint: word('first'), until, channels: network.file.channels }];
    const index = { blockTime: until + HANDOVER + 10, checkpoint: () => undefined };
    const context = contextOf(network.ports, {
      network: { ...network.file, channels, before },
      organisation: 'laboratory',
      index: index as unknown as LedgerIndex,
    });
    const database = network.database('laboratory', 'coordinator');
    const insurer = { awaited: async () => await Promise.resolve(0) };
    const awaited = new AwaitedCheckpoints(context, {
      database,
      logs: new Map([[LOG, undefined]]),
      others: new Map([['insurer', insurer]]),
    });
    await database.del('awaited/care/insurer');
    await awaited.review();
    assert.notEqual(await awaited.of(LOG), 0);
    index.blockTime += 1;
    await awaited.review();
    assert.equal(await awaited.of(LOG), 0);
    assert.equal(await awaited.mayHaveForgotten(LOG), true);
  });

  it('waits no more once it hears that too few others are left who do not wait', async () => {
    await start();
    await restore(['laboratory', 'insurer']);
    await judgeAgain('laboratory', 'insurer');
    const { coordinator } = network.services('laboratory');
    network.liars.coordinator.set('insurer', {
      ...network.services('insurer').coordinator,
      awaited: away,
    });
    await coordinator.collect(seconds());
    assert.notEqual(await awaited(), 0, 'one that does not answer may be about to sign');
    network.liars.coordinator.clear();
    await coordinator.collect(seconds());
    assert.equal(await awaited(), 0);
    await network.services('insurer').coordinator.collect(seconds());
    assert.notEqual(await awaited('insurer'), 0);
  });

  // @actor the organisation of a log that says that it was restored too | to end the wait of an organisation that forgot what it was shown
  it('does not take the word of a log’s own organisation that it waits too', async () => {
    await start();
    await restore(['laboratory']);
    const { coordinator } = network.services();
    const claims = async (): Promise<number> => await Promise.resolve(seconds());
    network.liars.coordinator.set('hospital', { ...coordinator, awaited: claims });
    await network.services('laboratory').coordinator.collect(seconds());
    assert.notEqual(await awaited(), 0);
  });
});
