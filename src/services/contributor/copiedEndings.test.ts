import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { changeKey } from '../../client/party/changeKey.ts';
import { endRight } from '../../client/rights/endRight.ts';
import {
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

  it('is not taken if a former key signed it, and its keeper is not blamed', async () => {
    const { patient, handle, right } = care;
    const deadline = seconds(network.clock) + 86_400;
    const end = sign(patient, patient, 'End', { handle, grant: right.digest, deadline });
    const { contributor } = network.services('insurer');
    const away = async (): Promise<never> => await Promise.reject(new Error('away'));
    network.liars.contributor.set('insurer', { ...contributor, keepRules: away });
    await patient.agent.submit([{ request: end }]);
    await changeKey(patient, network.ports.random(32));
    network.liars.contributor.clear();
    network.failures.length = 0;
    assert.equal(await copied(), 'active');
    assert.deepEqual(network.failures, []);
  });
});
