import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { grantOn, type GrantTaken } from '../test/grantOn.ts';
import { sameGrants } from '../test/sameGrants.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ seed: 'grant of ten thousand' });
});
after(async () => await network.close());

describe('a grant of a chart', () => {
  it('takes for 10,000 records what it takes for 10: the same calls, bytes and gas, and no more time', async (t) => {
    await grantOn(network, 1);
    const few = await grantOn(network, 10);
    const many = await grantOn(network, 10_000);
    sameGrants(few, many);
    t.diagnostic(`10 records: ${told(few)}; 10,000 records: ${told(many)}`);
    // Half a millisecond for each record would show, on a busy machine too.
    assert.ok(many.milliseconds < few.milliseconds + 5000, told(many));
  });
});

function told({ gas, milliseconds }: GrantTaken): string {
  return `${gas} gas, ${milliseconds.toFixed(0)} ms`;
}
