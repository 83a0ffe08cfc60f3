import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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
import { MedsealError } from '../../errors/MedsealError.ts';
import { logOf } from '../../protocol/networkLookups.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
let twin: RunningOrganisation;

before(async () => {
  // Nothing is checkpointed but where the test says so.
  const policy = { maxEntries: 1_000_000, maxDelay: 1_000_000_000 };
  network = await startTestNetwork({ policy });
  care = await startCare(network);
  await network.checkpoint();
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
  await network.services('laboratory').contributor.catchUp();
  await twin.stop();
  await twin.close();
  network.liars.coordinator.clear();
  network.liars.contributor.clear();
});
after(async () => {
  await network.close();
});

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

describe('a log that got another key after it signed two histories', () => {
  // @actor the organisation of a log that showed one history under its former key, and has another one on the ledger | to keep an organisation from telling audits what it knows of any log
  it('keeps nobody from telling of other logs, and accuses nobody by its former key', async () => {
    const before = logOf(network.file, LOG).log.key;
    await network.changeLogKey('hospital');
    assert.notEqual(logOf(network.file, LOG).log.key, before);
    const { coordinator } = network.services('laboratory');
    await coordinator.collect(Math.floor(network.clock.now() / 1000));
    assert.deepEqual(network.failures, []);
  });
});
