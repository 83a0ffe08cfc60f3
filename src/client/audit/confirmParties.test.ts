import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Address } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { confirmFacts } from './confirmFacts.ts';
import { confirmParties } from './confirmParties.ts';

let network: TestNetwork;
let care: Care;
const strangers = Array.from({ length: 64 }, (_, at) => signatory(`stranger ${at}`).address);

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

describe('parties that coordinators confirm together', () => {
  it('are those of the Registry, whatever the order, and nobody for an address without a party', async () => {
    const { patient, doctor } = care;
    const asked: readonly Address[] = [patient.address, ...strangers.slice(0, 2), doctor.address];
    const found = await confirmParties(patient, asked);
    assert.deepEqual([...found.keys()], [patient.address, doctor.address]);
    for (const each of [patient.address, doctor.address]) {
      const { party: alone } = await confirmFacts(patient, { party: each });
      assert.deepEqual(found.get(each), alone);
    }
    assert.equal((await confirmParties(patient, [])).size, 0);
  });

  it('are more than one question holds', async () => {
    const { patient, doctor } = care;
    const found = await confirmParties(patient, [...strangers, doctor.address]);
    assert.deepEqual([...found.keys()], [doctor.address]);
  });

  it('get no answer of a coordinator in one question beyond 64', async () => {
    const { patient, doctor } = care;
    const parties = [...strangers, doctor.address];
    await assert.rejects(confirmFacts(patient, { parties }), failsWith('VERDICTS_MISSING'));
  });
});
