import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { changeKey } from '../../client/party/changeKey.ts';
import { readChart } from '../../client/records/readChart.ts';
import { endRight } from '../../client/rights/endRight.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { sign } from '../../protocol/struct/signing.ts';

const BOUND = 90;
/** Milliseconds after which an end’s deadline has passed. */
const MONTH = 31 * 86_400_000;

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ maxAge: BOUND });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** State of the doctor’s right as the insurer judges by it, once it asked the others. */
async function copied(): Promise<string | undefined> {
  const { contributor, index } = network.services('insurer');
  await contributor.catchUp();
  return index.grant(care.right.digest)?.state;
}

async function unplugged(): Promise<never> {
  return await Promise.reject(new Error('away'));
}

describe('a signed end of a right that another organisation keeps', () => {
  it('is taken after its deadline too, and nobody is blamed for it', async () => {
    network.clock.advance((BOUND + 1) * 1000);
    assert.deepEqual(await endRight(care.patient, care.right.digest), { outcome: 'kept' });
    network.clock.advance(MONTH);
    for (const name of ['kept', 'contributor']) await network.lose('insurer', name);
    network.failures.length = 0;
    assert.equal(await copied(), 'ended');
    assert.deepEqual(network.failures, []);
  });

  it('ends by a revoke once the ledger goes on, where its contract takes no such end, and keys turn', async () => {
    for (const name of ORGANISATIONS) {
      network.services(name).index.takesEnds = async () => await Promise.resolve(false);
    }
    network.clock.advance((BOUND + 1) * 1000);
    await endRight(care.patient, care.right.digest);
    await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    await network.checkpoint();
    network.clock.advance(5000);
    const ended = await endRight(care.patient, care.right.digest);
    assert.equal(ended.outcome, 'placed');
    const { index } = network.services();
    assert.equal(index.grantOnLedger(care.right.digest)?.state, 'ended');
    assert.equal(index.ended(care.right.digest)?.epoch, 2);
  });

  it('is not taken if a former key signed it, and its keeper is not blamed', async () => {
    const { patient, handle, right } = care;
    const deadline = seconds(network.clock) + 86_400;
    const end = sign(patient, patient, 'End', { handle, grant: right.digest, deadline });
    const { contributor } = network.services('insurer');
    network.liars.contributor.set('insurer', { ...contributor, keepRules: unplugged });
    await patient.agent.submit([{ request: end }]);
    await changeKey(patient, network.ports.random(32));
    network.liars.contributor.clear();
    network.failures.length = 0;
    assert.equal(await copied(), 'active');
    assert.deepEqual(network.failures, []);
  });
});
