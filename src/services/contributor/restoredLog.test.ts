import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { readAudit } from '../../client/audit/readAudit.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { SavedFolder } from '../../node/test/memoryFolder.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { seconds } from '../../protocol/Clock.ts';
import { isPending } from '../../protocol/rights/isPending.ts';

const LOG = 'care/hospital';
/** Steps at which the node is killed, at the most: there are fewer. */
const MOST_STEPS = 60;

describe('a log that is lost with its disk at any step, and restored from the oldest backup', () => {
  let network: TestNetwork;
  let care: Care;
  let oldest: SavedFolder;
  const acknowledged: Acknowledgement[] = [];

  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    oldest = await network.save('hospital');
  });
  after(async () => await network.close());

  // @attack a node that lost its disk uses an acknowledged index again | others know the place before it is acknowledged
  it('has every entry that was acknowledged, at its index, with its verdicts', async () => {
    let step = 0;
    for (let whole = false; !whole; step++) {
      assert.ok(step < MOST_STEPS, 'it never got to its end');
      whole = await untilKilledAt(step);
      await restore();
      const log = network.services().logs.get(LOG) ?? assert.fail();
      for (const each of acknowledged) {
        const [kept] = await log.read({ from: each.index, to: each.index + 1 });
        assert.deepEqual(kept, each, `killed at step ${step}`);
      }
      assert.deepEqual(network.failures.splice(0).filter(isFault), []);
    }
    assert.ok(step > 10, `${step} steps`);
    assert.ok(acknowledged.length > 5, `${acknowledged.length} entries`);
  });

  it('gives receipts for all of them, and an audit with all of them', async () => {
    await network.checkpoint();
    for (const each of acknowledged) {
      assert.ok(!isPending(await fetchReceipt(care.patient, each)));
    }
    const { logs } = await untilCheckpointed(readAudit(care.patient));
    const audited = logs.find(({ log }) => log === LOG);
    assert.equal(audited?.complete, true);
    const found = new Map(audited.events.map(({ entry, index }) => [entry, index]));
    for (const { entry, index } of acknowledged) assert.equal(found.get(entry), index);
  });

  /**
   * Adds a record and checkpoints it, until the node was to reach another for the so-manieth time: then it is cut off.
   * @returns True if it came to the end before.
   */
  async function untilKilledAt(step: number): Promise<boolean> {
    let left = step;
    let killed = false;
    for (const name of ['laboratory', 'insurer']) {
      const { coordinator, contributor } = network.services(name);
      network.liars.coordinator.set(name, cutting(coordinator));
      network.liars.contributor.set(name, cutting(contributor));
    }
    const { patient, handle } = care;
    try {
      const content = utf8ToBytes(`killed at step ${step}`);
      const added = await addRecord(patient, {
        handle,
        category: 'other',
        content,
        purpose: 'PATRQT',
      });
      acknowledged.push(added.acknowledgement);
      await network.checkpoint();
    } catch (error) {
      if (!(error instanceof MedsealError)) throw error;
    }
    network.liars.coordinator.clear();
    network.liars.contributor.clear();
    return !killed;

    function cutting<Port extends object>(port: Port): Port {
      return new Proxy(port, {
        get: (target, name) => {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return (...values: unknown[]): unknown => {
            left -= 1;
            if (left >= 0) return Reflect.apply(method, target, values);
            killed = true;
            return Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'x' }));
          };
        },
      });
    }
  }

  /** Checkpoints the audit's own entry, for which the audit waits. */
  async function untilCheckpointed<Value>(waiting: Promise<Value>): Promise<Value> {
    const settled = waiting.then(
      () => true,
      () => true,
    );
    do {
      await network.checkpoint();
      network.clock.advance(1000);
    } while (!(await Promise.race([settled, turn()])));
    return await waiting;
  }

  async function restore(): Promise<void> {
    const restored = { restoredAt: seconds(network.clock), othersWentOn: true };
    await network.rollBack('hospital', oldest, restored);
    const { rejoining } = network.services();
    await assert.rejects(rejoining.go(), { code: 'NODE_BEHIND' });
    network.clock.advance(70_000);
    await rejoining.go();
    assert.equal(rejoining.done, true);
  }
});

/** Tells whether a failure in the background is more than somebody who was cut off. */
function isFault(error: unknown): boolean {
  const expected = ['PEER_UNREACHABLE', 'VERDICTS_MISSING', 'CLOSED'];
  return !(error instanceof MedsealError && expected.includes(error.code));
}

/** After everything that needs no more time. */
async function turn(): Promise<boolean> {
  return await new Promise((resolve) => {
    setImmediate(resolve, false);
  });
}
