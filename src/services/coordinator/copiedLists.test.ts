import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { untoldRecords } from '../../client/audit/viewedRecords.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgedBy, setOf, submissionOf, writeOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ViewPair } from '../../protocol/evidence/viewSet.ts';
import { pairsOf } from './coordinatorKeys.ts';
import { requireNoneLost } from './repairLists.ts';

const LOG = 'care/hospital';

let network: TestNetwork;
let care: Care;
let entry: Bytes32;
let pairs: readonly ViewPair[];

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const versions = [await writeOf(care), await writeOf(care)];
  for (const write of versions) {
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', write));
  }
  await network.checkpoint();
  // The insurer is away while the others judge.
  const { coordinator } = network.services('insurer');
  network.liars.coordinator.set('insurer', { ...coordinator, judge: gone });
  const viewed = setOf(care, versions);
  ({ pairs } = viewed);
  const asked = { ...submissionOf(care, 'ViewSet', viewed.set), pairs };
  ({ entry } = await acknowledgedBy(care.doctor, asked));
  network.liars.coordinator.clear();
  await network.checkpoint();
});
afterEach(async () => {
  network.liars.coordinator.clear();
  await network.close();
});

async function gone(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'of the test' }));
}

async function listed(name: string): Promise<unknown> {
  return (await network.services(name).coordinator.listed({ log: LOG, entries: [entry] }))[0];
}

async function untold(): Promise<number> {
  const audit = await examineAudit(lyingTo(network, care.patient, {}));
  const events = audit.logs.flatMap((log) => log.events);
  assert.ok(events.some((event) => event.entry === entry));
  return events.reduce((sum, event) => sum + untoldRecords(event), 0);
}

describe('the list of a view of several records', () => {
  it('comes to an organisation that did not judge the view, with its copy of the log', async () => {
    assert.deepEqual(await listed('insurer'), []);
    const { coordinator } = network.services('insurer');
    assert.deepEqual(await coordinator.copyLists(), { restored: [entry], lost: [] });
    assert.deepEqual(await listed('insurer'), pairs);
    assert.deepEqual(await coordinator.copyLists(), { restored: [], lost: [] });
    assert.deepEqual(await coordinator.repairLists(), { restored: [], lost: [] });
  });

  // @class organisations that judged a view leave, or lose their disks | nobody can tell any more which records it was of
  it('is told in an audit when one that judged the view is away, and the other lost it', async () => {
    await network.services('insurer').coordinator.copyLists();
    await network.database('hospital', 'coordinator').clear(pairsOf(entry));
    const { coordinator } = network.services('laboratory');
    const away = { ...coordinator, listed: gone };
    network.liars.coordinator.set('laboratory', away);
    assert.equal(await untold(), 0);
  });

  it('stays when one that judged the view leaves, and the other loses its disk', async () => {
    await network.services('insurer').coordinator.copyLists();
    await network.leave('laboratory');
    await network.lose('hospital', 'coordinator');
    assert.deepEqual(await listed('hospital'), []);
    const { coordinator } = network.services('hospital');
    assert.deepEqual(await coordinator.repairLists(), { restored: [entry], lost: [] });
    assert.deepEqual(await listed('hospital'), pairs);
  });

  it('comes back to a coordinator that lost it, whatever key judged the view', async () => {
    await network.lose('laboratory', 'coordinator');
    const { coordinator } = network.services('laboratory');
    assert.deepEqual(await coordinator.repairLists(), { restored: [entry], lost: [] });
    assert.deepEqual(await listed('laboratory'), pairs);
  });

  it('is told to the operator as lost if nobody has it any more', async () => {
    for (const name of ['hospital', 'laboratory']) {
      await network.database(name, 'coordinator').clear(pairsOf(entry));
    }
    const { coordinator } = network.services('insurer');
    const repair = await coordinator.repairLists();
    assert.deepEqual(repair, { restored: [], lost: [entry] });
    assert.throws(
      () => requireNoneLost(repair),
      failsWith('LISTS_LOST', { count: 1, first: entry }),
    );
  });
});
