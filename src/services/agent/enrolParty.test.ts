import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { enrol } from '../../client/party/enrol.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function transactions(): Promise<number> {
  const { address } = network.senders.get('hospital') ?? assert.fail();
  const method = 'eth_getTransactionCount';
  return Number(await network.ledger.request({ method, params: [address, 'latest'] }));
}

// @attack an application comes many times at once | one enrols the party, the others wait and get its answer
it('enrols a party by one transaction, however often the same application comes at once', async () => {
  const patient = await network.party('patient', { enrolled: false });
  const start = await transactions();
  const at = { role: 'patient', organisation: 'hospital' } as const;
  const results = await Promise.all([1, 2, 3, 4].map(async () => await enrol(patient, at)));
  assert.equal(await transactions(), start + 1);
  assert.equal(new Set(results.map((each) => JSON.stringify(each))).size, 1);
});
