import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { viewOf } from '../../node/test/requests.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { RunningOrganisation } from '../../node/openOrganisation.ts';
import { submitEvidence } from '../../client/agent/submit.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import { setAsidePrefix } from './coordinatorKeys.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
let twin: RunningOrganisation;

beforeEach(async () => {
  // Nothing is checkpointed but where the test says so.
  const policy = { maxEntries: 1_000_000, maxDelay: 1_000_000_000 };
  network = await startTestNetwork({ policy });
  care = await startCare(network);
  await network.checkpoint();
});
afterEach(async () => {
  await network.close();
});

/** Lets the hospital show one history to the laboratory, and have another one on the ledger. */
async function fork(): Promise<void> {
  const saved = await network.save('hospital');
  // One history is shown to the laboratory alone; the other one comes on the ledger with the insurer.
  silenced('insurer');
  await view(care);
  network.liars.coordinator.delete('insurer');
  silenced('laboratory');
  twin = await network.double('hospital', saved);
  network.liars.coordinator.set('hospital', twin.coordinator);
  network.liars.contributor.set('hospital', twin.contributor);
  await view({ ...care, doctor: behind(care.doctor, twin.agent) });
  await twin.administrator.checkpoint();
  network.liars.coordinator.delete('laboratory');
}

/** Keys of the rows that an organisation's coordinator set aside. */
async function setAside(name: string): Promise<readonly string[]> {
  const range = rangeUnder(setAsidePrefix(LOG));
  return await network.database(name, 'coordinator').keys(range).all();
}

/** Lets the laboratory have what is on the ledger, and ends the second node. */
async function catchUp(): Promise<void> {
  await network.services('laboratory').contributor.catchUp();
  await twin.stop();
  await twin.close();
  network.liars.coordinator.clear();
  network.liars.contributor.clear();
}

async function collect(): Promise<void> {
  const { coordinator } = network.services('laboratory');
  await coordinator.collect(Math.floor(network.clock.now() / 1000));
}

function silenced(name: string): void {
  const { coordinator } = network.services(name);
  const away = async (): Promise<never> =>
    await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: name }));
  const gone = { knownSize: away, show: away, judge: away, signCheckpoint: away };
  network.liars.coordinator.set(name, { ...coordinator, ...gone });
}

async function view(at: Care): Promise<void> {
  const opening = care.right.grant;
  await submitEvidence(at.doctor, 'View', viewOf(care), { opening });
}

describe('a log that signed two histories', () => {
  // @attack a log has a restored coordinator adopt the history that is on the ledger, and presents more of it, so that what it presented before is forgotten | rows of another history are set aside, and convict it
  it('is convicted by what a coordinator was shown before it adopted the other history', async () => {
    await fork();
    const { coordinator } = network.services('laboratory');
    await coordinator.adopt(LOG, await network.services('insurer').coordinator.lastSigned(LOG));
    await view({ ...care, doctor: behind(care.doctor, twin.agent) });
    await twin.administrator.checkpoint();
    await catchUp();
    await collect();
    assert.deepEqual(await coordinator.closedLogs(), [LOG]);
    // Each of the three says so.
    assert.deepEqual(
      network.failures.map((error) => isMedsealError(error) && error.code),
      Array.from({ length: 3 }, () => 'CHECKPOINT_REFUSED'),
    );
  });

  // @attack a log has a coordinator that is restored twice take up two other histories, so that the rows of one divide those of another | what was set aside for each edge is kept by itself
  it('is convicted by what a coordinator was shown before it adopted two other histories', async () => {
    await fork();
    const { coordinator } = network.services('laboratory');
    await coordinator.adopt(LOG, await network.services('insurer').coordinator.lastSigned(LOG));
    await view({ ...care, doctor: behind(care.doctor, twin.agent) });
    await view({ ...care, doctor: behind(care.doctor, twin.agent) });
    silenced('laboratory');
    await view({ ...care, doctor: behind(care.doctor, twin.agent) });
    await twin.administrator.checkpoint();
    network.liars.coordinator.delete('laboratory');
    await coordinator.adopt(LOG, await network.services('insurer').coordinator.lastSigned(LOG));
    assert.equal((await setAside('laboratory')).length, 3);
    await catchUp();
    await collect();
    assert.deepEqual(await coordinator.closedLogs(), [LOG]);
  });

  it('leaves nothing set aside of the organisation’s own log', async () => {
    const { coordinator } = network.services('hospital');
    await view(care);
    await network.services('hospital').administrator.checkpoint();
    const other = await network.services('insurer').coordinator.lastSigned(LOG);
    await coordinator.adopt(LOG, other);
    await coordinator.collect(Math.floor(network.clock.now() / 1000));
    assert.deepEqual(await setAside('hospital'), []);
  });

  it('is not one that a coordinator was shown less of than it adopted: what it knew goes once its copy has it', async () => {
    const { coordinator, contributor } = network.services('laboratory');
    await view(care);
    silenced('laboratory');
    await view(care);
    await network.services('hospital').administrator.checkpoint();
    network.liars.coordinator.delete('laboratory');
    await coordinator.adopt(LOG, await network.services('insurer').coordinator.lastSigned(LOG));
    await collect();
    assert.equal((await setAside('laboratory')).length, 1);
    await contributor.catchUp();
    await collect();
    assert.deepEqual(await setAside('laboratory'), []);
    assert.deepEqual(network.failures, []);
  });
});

describe('a log that got another key after it signed two histories', () => {
  // @actor the organisation of a log that showed one history under its former key, and has another one on the ledger | to keep an organisation from telling audits what it knows of any log
  it('keeps nobody from telling of other logs, and accuses nobody by its former key', async () => {
    await fork();
    await catchUp();
    const before = logOf(network.file, LOG).log.key;
    await network.changeLogKey('hospital');
    assert.notEqual(logOf(network.file, LOG).log.key, before);
    await collect();
    assert.deepEqual(network.failures, []);
  });
});
